//! Loops in the widest vectors of the processor.

/// Runs `work` compiled for the widest vectors the processor has: AVX2 or AVX-512 rather than the two numbers at a time that any
/// 64-bit processor of this family can do. Only what is inlined into `work` is so compiled.
///
/// Each operation is rounded as before, and none is joined to another or takes another's place in a sum: the numbers are the same to the bit.
///
/// ```
/// let mut v = [1.0, 2.0, 3.0];
/// dltheory_engine::widest(|| v.iter_mut().for_each(|v| *v *= 2.0));
/// assert_eq!(v, [2.0, 4.0, 6.0]);
/// ```
#[inline]
pub fn widest<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}
