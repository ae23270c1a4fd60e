//! Data files: what is good round-trips, what is not is refused, and nothing panics.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use dltheory::data::{self, Images, Source, cifar, idx};
use dltheory::rng::stream;
use flate2::Compression;
use flate2::write::GzEncoder;
use ndarray::{Array2, ArrayView1, s};
use proptest::prelude::*;

/// An IDX file, written independently of the reader.
fn encode(magic: u32, sizes: &[u32], values: &[u8]) -> Vec<u8> {
    let mut bytes = magic.to_be_bytes().to_vec();
    sizes
        .iter()
        .for_each(|size| bytes.extend(size.to_be_bytes()));
    bytes.extend(values);
    bytes
}

fn encode_images(n: u32, height: u32, width: u32, pixels: &[u8]) -> Vec<u8> {
    encode(0x803, &[n, height, width], pixels)
}

fn encode_labels(labels: &[u8]) -> Vec<u8> {
    encode(0x801, &[labels.len() as u32], labels)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).expect("memory");
    packed.finish().expect("memory")
}

fn parse(bytes: &[u8]) -> dltheory::Result<idx::IdxImages> {
    idx::parse_images(Path::new("images"), bytes)
}

/// Runs every reader; only a panic or an abort fails.
fn read_every_way(bytes: &[u8]) {
    let path = Path::new("any");
    let _ = idx::parse_images(path, bytes);
    let _ = idx::parse_labels(path, bytes, 10);
    let _ = idx::parse_pair((path, bytes), (path, bytes), 10, "any");
    let _ = cifar::parse_batch(path, bytes);
}

fn small_images() -> impl Strategy<Value = (u32, u32, u32, Vec<u8>)> {
    (1_u32..6, 1_u32..7, 1_u32..7).prop_flat_map(|(n, height, width)| {
        let pixels = prop::collection::vec(any::<u8>(), (n * height * width) as usize);
        (Just(n), Just(height), Just(width), pixels)
    })
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_every_way(&bytes);
        read_every_way(&gzip(&bytes));
        read_every_way(&[&[0x1f, 0x8b, 8], &bytes[..]].concat());
    }

    #[test]
    fn no_sizes_panic(
        magic in prop::sample::select(vec![0x801_u32, 0x803]),
        sizes in prop::collection::vec(prop_oneof![any::<u32>(), 0_u32..40, Just(u32::MAX)], 0..4),
        values in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let bytes = encode(magic, &sizes, &values);
        read_every_way(&bytes);
        read_every_way(&gzip(&bytes));
    }

    #[test]
    fn images_round_trip_plain_and_gzipped((n, height, width, pixels) in small_images()) {
        let bytes = encode_images(n, height, width, &pixels);
        let plain = parse(&bytes)?;
        prop_assert_eq!((plain.height, plain.width), (height as usize, width as usize));
        prop_assert_eq!(plain.pixels.nrows(), n as usize);
        prop_assert_eq!(plain.pixels.iter().copied().collect::<Vec<_>>(), pixels);
        prop_assert_eq!(parse(&gzip(&bytes))?, plain);
    }

    #[test]
    fn labels_round_trip_and_those_out_of_range_are_found(
        labels in prop::collection::vec(0_u8..12, 1..60),
    ) {
        let bytes = encode_labels(&labels);
        for bytes in [gzip(&bytes), bytes] {
            let parsed = idx::parse_labels(Path::new("the/labels"), &bytes, 10);
            match labels.iter().position(|&label| label > 9) {
                None => prop_assert_eq!(parsed?, labels.clone()),
                Some(at) => {
                    let found = format!("found label {} at index {at}", labels[at]);
                    prop_assert_eq!(
                        parsed.expect_err("a label is out of range").to_string(),
                        format!("the/labels: expected labels below 10, {found}")
                    );
                }
            }
        }
    }

    #[test]
    fn anything_after_the_end_is_refused(
        (n, height, width, pixels) in small_images(),
        more in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let bytes = encode_images(n, height, width, &pixels);
        prop_assert!(parse(&[&bytes[..], &more].concat()).is_err());
        prop_assert!(parse(&gzip(&[&bytes[..], &more].concat())).is_err());
        prop_assert!(parse(&[gzip(&bytes), more].concat()).is_err());
    }

    #[test]
    fn a_changed_gzip_file_is_refused_or_holds_the_same(
        (n, height, width, pixels) in small_images(),
        at in any::<prop::sample::Index>(),
        change in 1_u8..,
    ) {
        let bytes = encode_images(n, height, width, &pixels);
        let mut packed = gzip(&bytes);
        let at = at.index(packed.len());
        packed[at] ^= change;
        // The time stamp, say, may change without harm.
        if let Ok(images) = parse(&packed) {
            prop_assert_eq!(images, parse(&bytes)?);
        }
    }

    #[test]
    fn splits_are_disjoint_and_of_the_size_asked_for(
        total in 0_usize..200, train in 0_usize..120, test in 0_usize..120, seed: u64,
    ) {
        let split = data::train_test_split(total, train, test, &mut stream(seed, "split", 0));
        if train + test > total {
            let reason = split.expect_err("too many").to_string();
            let due = format!("is {train} + {test}, expected at most {total} in all");
            prop_assert!(reason.contains(&due));
        } else {
            let split = split?;
            prop_assert_eq!((split.train.len(), split.test.len()), (train, test));
            let mut rows = [split.train, split.test].concat();
            rows.sort_unstable();
            rows.dedup();
            prop_assert_eq!(rows.len(), train + test);
            prop_assert!(rows.iter().all(|&row| row < total));
        }
    }

    #[test]
    fn exactly_the_asked_share_of_labels_flips(
        signs in prop::collection::vec(any::<bool>(), 1..150), fraction in 0.0..=1.0, seed: u64,
    ) {
        let value = |at: usize| if signs[at] { 1.0 } else { -1.0 };
        let y = Array2::from_shape_fn((signs.len(), 1), |(at, _)| value(at));
        let flipped = data::flip_labels(&y, fraction, &mut stream(seed, "noise", 0))?;
        let changed = y.iter().zip(&flipped).filter(|(before, after)| before != after).count();
        prop_assert_eq!(changed, (fraction * signs.len() as f64).round() as usize);
        prop_assert!(flipped.iter().all(|label| label.abs() == 1.0));
    }

    #[test]
    fn one_hot_rows_point_back_to_their_labels(labels in prop::collection::vec(0_u8..7, 0..40)) {
        let rows = data::one_hot(&labels, 7)?;
        prop_assert_eq!(rows.dim(), (labels.len(), 7));
        prop_assert_eq!(rows.sum(), labels.len() as f64);
        for (row, &label) in rows.outer_iter().zip(&labels) {
            prop_assert_eq!(row[usize::from(label)], 1.0);
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let images = encode_images(2, 2, 3, &[9; 12]);
    let labels = encode_labels(&[1, 2, 3]);
    for bytes in [&images, &gzip(&images)] {
        assert!(parse(bytes).is_ok());
        for length in 0..bytes.len() {
            let reason = parse(&bytes[..length]).expect_err("cut").to_string();
            let well_said = reason.starts_with("images: expected ") && reason.contains(", found ");
            assert!(well_said, "{reason}");
        }
    }
    let parse = |bytes: &[u8]| idx::parse_labels(Path::new("labels"), bytes, 10);
    for bytes in [&labels, &gzip(&labels)] {
        assert!(parse(bytes).is_ok());
        assert!((0..bytes.len()).all(|length| parse(&bytes[..length]).is_err()));
    }
    let mut batch = vec![0; 2 * 3073];
    batch[3073] = 9;
    let parse = |length: usize| cifar::parse_batch(Path::new("batch"), &batch[..length]);
    assert_eq!(parse(batch.len()).expect("two records").labels, [0, 9]);
    // One whole record is a smaller batch; every other length is an error.
    let good: Vec<usize> = (0..batch.len())
        .filter(|&length| parse(length).is_ok())
        .collect();
    assert_eq!(good, [3073]);
}

/// Set where [`sizes_that_lie_are_refused_at_once`] runs with little memory.
const LIMITED: &str = "DLTHEORY_TEST_LITTLE_MEMORY";

/// Headers that promise far more than is there, plain and gzipped.
#[test]
fn sizes_that_lie_are_refused_at_once() {
    if std::env::var_os(LIMITED).is_some() {
        // What the largest allowed promise would take is not to be had here.
        let mut promised: Vec<u8> = Vec::new();
        assert!(promised.try_reserve_exact(1 << 30).is_err());
    }
    let max = u32::MAX;
    // The last two promise exactly 1 GiB, the most that is allowed.
    let promises = [
        [max, 28, 28],
        [max, max, max],
        [1 << 31, 1, 1],
        [1, 1 << 15, 1 << 15],
        [1 << 30, 1, 1],
    ];
    let start = Instant::now();
    for [n, height, width] in promises {
        let bytes = encode_images(n, height, width, &[]);
        for bytes in [gzip(&bytes), bytes] {
            let reason = parse(&bytes).expect_err("nothing is there").to_string();
            let sizes = format!("{n} × {height} × {width}");
            assert!(reason.starts_with("images: expected "), "{reason}");
            assert!(reason.contains(&sizes), "{reason}");
        }
    }
    for n in [max, 1 << 30] {
        let bytes = encode(0x801, &[n], &[]);
        assert!(idx::parse_labels(Path::new("labels"), &bytes, 10).is_err());
    }
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());

    // 12 bytes are due, 64 MiB are packed, and the checksum after them is wrong: to notice that,
    // a reader would have to unpack them all.
    let mut bomb = gzip(&[encode_images(1, 3, 4, &[]), vec![0; 1 << 26]].concat());
    let checksum = bomb.len() - 6;
    bomb[checksum] ^= 1;
    let reason = parse(&bomb).expect_err("too long").to_string();
    let due = "1 × 3 × 4 = 12 bytes after the header, found more bytes after these";
    assert!(reason.ends_with(due), "{reason}");
}

/// The test above once more, in a process that cannot have the memory the headers promise.
#[cfg(target_os = "linux")]
#[test]
fn sizes_that_lie_are_not_allocated() {
    let output = std::process::Command::new("sh")
        .args(["-c", "ulimit -v 1000000 && exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().expect("this test's own program"))
        .args([
            "--exact",
            "sizes_that_lie_are_refused_at_once",
            "--test-threads=1",
        ])
        .env("OPENBLAS_NUM_THREADS", "1")
        .env(LIMITED, "yes")
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{wrong}"
    );
}

#[test]
fn the_sample_is_the_one_described() {
    let digits = data::mnist_sample().expect("built in");
    let counts = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978];
    assert_eq!(digits.counts(), counts);
    assert_eq!((digits.len(), digits.n_train), (10_000, 10_000));
    assert_eq!((digits.shape, digits.classes), ((28, 28, 1), 10));
    // The numbers below were counted by another program, from the uncompressed files.
    assert_eq!(digits.labels[..10], [6, 0, 8, 5, 9, 3, 3, 9, 4, 3]);
    let ink = |row: ArrayView1<'_, u8>| row.iter().map(|&pixel| u64::from(pixel)).sum::<u64>();
    assert_eq!(ink(digits.pixels.row(0)), 32_680);
    let all: u64 = digits.pixels.outer_iter().map(ink).sum();
    assert_eq!(all, 262_146_600);
    let first = Images::new(
        digits.pixels.slice(s![..1000, ..]).to_owned(),
        digits.labels[..1000].to_vec(),
        digits.shape,
        10,
        "first thousand",
    );
    let fair = [92, 102, 96, 112, 102, 90, 94, 105, 100, 107];
    assert_eq!(first.expect("a prefix").counts(), fair);
}

#[test]
fn three_against_seven_is_the_problem_of_the_curve() {
    let digits = data::mnist_sample().expect("built in");
    let problem = data::two_classes(&digits, 3, 7).expect("both there");
    assert_eq!((problem.x.dim(), problem.y.dim()), ((2102, 784), (2102, 1)));
    assert_eq!(problem.y.sum(), 1070.0 - 1032.0);
    let chosen = digits.of_classes(&[3, 7]).expect("both there");
    let back = problem.x.mapv(|value| (255.0 * value).round() as u8);
    assert_eq!(back, chosen.pixels);
}

/// Writes a folder of files.
fn folder(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("inside the folder")).expect("folder");
        std::fs::write(path, bytes).expect("write");
    }
    folder
}

/// Why a folder of these files is refused, with its path replaced by DIR.
fn refusal(files: &[(&str, Vec<u8>)]) -> String {
    let folder = folder(files);
    let reason = data::load(folder.path()).expect_err("refused").to_string();
    reason.replace(&folder.path().display().to_string(), "DIR")
}

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// Three training and two test images of 2×2.
fn small_mnist() -> [Vec<u8>; 4] {
    [
        encode_images(3, 2, 2, &(0..12).collect::<Vec<u8>>()),
        encode_labels(&[4, 5, 6]),
        encode_images(2, 2, 2, &(50..58).collect::<Vec<u8>>()),
        encode_labels(&[7, 8]),
    ]
}

#[test]
fn all_of_mnist_loads_under_every_spelling() {
    for (dotted, suffix, packed) in [
        (false, "", false),
        (false, ".gz", true),
        (true, "", false),
        (true, ".gz", true),
        // Names that do not tell what is inside.
        (false, "", true),
        (true, ".gz", false),
    ] {
        let names = NAMES.map(|name| match dotted {
            true => name.replace("-idx", ".idx") + suffix,
            false => name.to_owned() + suffix,
        });
        let files = small_mnist().map(|bytes| if packed { gzip(&bytes) } else { bytes });
        let files: Vec<_> = names.iter().map(String::as_str).zip(files).collect();
        let folder = folder(&files);
        let images = Source::Folder(folder.path().to_owned())
            .load()
            .expect("loads");
        assert_eq!(images.labels, [4, 5, 6, 7, 8]);
        assert_eq!((images.n_train, images.shape), (3, (2, 2, 1)));
        assert_eq!(images.pixels.column(0).to_vec(), [0, 4, 8, 50, 54]);
    }
}

#[test]
fn the_sample_loads_from_a_folder_too() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let images = data::load(&here).expect("the repository's own folder");
    assert_eq!(images, data::mnist_sample().expect("built in"));
    assert_eq!(images, Source::default().load().expect("built in"));
}

#[test]
fn cifar_batches_load_from_the_folder_or_its_usual_subfolder() {
    for place in ["", "cifar-10-batches-bin/"] {
        let names: Vec<String> = (1..=5)
            .map(|number| format!("{place}data_batch_{number}.bin"))
            .chain([format!("{place}test_batch.bin")])
            .collect();
        // Two records a batch, all their bytes equal to the label.
        let files: Vec<_> = names
            .iter()
            .zip(1..)
            .map(|(name, label)| (name.as_str(), vec![label; 2 * 3073]))
            .collect();
        let full = folder(&files);
        let images = data::load(full.path()).expect("loads");
        assert_eq!(images.labels, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
        assert_eq!((images.n_train, images.shape), (10, (32, 32, 3)));
        for (row, label) in images.pixels.outer_iter().zip(&images.labels) {
            assert!(row.iter().all(|pixel| pixel == label));
        }
        let beside = format!("expected a file beside DIR/{place}data_batch_1.bin");
        assert_eq!(
            refusal(&files[..5]),
            format!("DIR/{place}test_batch.bin: {beside}, found no such file")
        );
    }
}

#[test]
fn wrong_folders_are_refused_with_what_was_looked_for() {
    let reason = refusal(&[("notes.txt", vec![])]);
    assert!(reason.starts_with("DIR: expected "), "{reason}");
    let there = "found none of these; there is notes.txt (an empty file: fetch it again)";
    assert!(reason.ends_with(there), "{reason}");
    for name in [
        "train-images-idx3-ubyte",
        "train-images.idx3-ubyte",
        "t10k-labels-idx1-ubyte",
        ".gz",
        "x_train",
        ".csv",
        "data_batch_5.bin",
        "test_batch.bin",
        "cifar-10-batches-bin",
    ] {
        assert!(reason.contains(name), "{name} is not in: {reason}");
    }
    let file = folder(&[("file", vec![])]);
    let refused = |name: &str| {
        let loaded = data::load(&file.path().join(name));
        loaded.expect_err("no folder").to_string()
    };
    assert!(refused("file").ends_with("file: expected a folder, found a file"));
    assert!(refused("absent").contains("absent: "));
}

#[test]
fn files_that_disagree_are_refused_by_name() {
    let with = |at: usize, bytes: Vec<u8>| {
        let mut files = small_mnist();
        files[at] = bytes;
        refusal(&NAMES.into_iter().zip(files).collect::<Vec<_>>())
    };
    assert_eq!(
        with(1, encode_labels(&[1, 2])),
        "DIR/train-labels-idx1-ubyte: expected 3 labels, as many as images in \
         DIR/train-images-idx3-ubyte, found 2 labels"
    );
    assert_eq!(
        with(3, encode_labels(&[1, 10])),
        "DIR/t10k-labels-idx1-ubyte: expected labels below 10, found label 10 at index 1"
    );
    assert_eq!(
        with(2, encode_labels(&[1, 2])),
        "DIR/t10k-images-idx3-ubyte: expected magic number 0x00000803 (images), \
         found magic number 0x00000801 (labels)"
    );
    assert_eq!(
        with(2, encode_images(2, 1, 4, &[0; 8])),
        "DIR/t10k-images-idx3-ubyte: expected images of 2×2 like those in \
         DIR/train-images-idx3-ubyte, found images of 1×4"
    );
    let [images, _, test_images, _] = small_mnist();
    let mut damaged = gzip(&images);
    let checksum = damaged.len() - 6;
    damaged[checksum] ^= 1;
    let reason = with(0, damaged);
    let due = "DIR/train-images-idx3-ubyte: expected an undamaged gzip file, found ";
    assert!(reason.starts_with(due), "{reason}");
    assert_eq!(
        refusal(&[(NAMES[0], images), (NAMES[2], test_images)]),
        "DIR/train-labels-idx1-ubyte: expected a file beside DIR/train-images-idx3-ubyte, \
         found no such file"
    );
}
