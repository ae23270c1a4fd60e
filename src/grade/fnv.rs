//! FNV-1a, 128 bits: to recognise a text, not to guard it. The build script includes this file.

/// The hash of what was added so far.
pub(crate) struct Fnv(u128);

impl Default for Fnv {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Fnv {
    /// Adds bytes and their number.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        let length = (bytes.len() as u64).to_le_bytes();
        for byte in bytes.iter().chain(&length) {
            self.0 = (self.0 ^ u128::from(*byte))
                .wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    /// Adds a text of ours without its line ends' carriage returns: a checkout may have either kind.
    pub(crate) fn add_text(&mut self, text: &[u8]) {
        let kept: Vec<u8> = text.iter().copied().filter(|&byte| byte != b'\r').collect();
        self.add(&kept);
    }

    pub(crate) fn hex(&self) -> String {
        format!("{:032x}", self.0)
    }

    pub(crate) fn seed(&self) -> u64 {
        (self.0 >> 64) as u64 ^ self.0 as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> String {
        let mut hash = Fnv::default();
        texts.iter().for_each(|text| hash.add_text(text.as_bytes()));
        hash.hex()
    }

    #[test]
    fn line_ends_do_not_count_and_everything_else_does() {
        assert_eq!(of(&["a,b\r\n1,2\r\n"]), of(&["a,b\n1,2\n"]));
        assert_ne!(of(&["a,b\n1,2\n"]), of(&["a,b\n1,2"]));
        assert_ne!(of(&["a", "bc"]), of(&["ab", "c"]));
    }
}
