//! Data folders as people have them: each is read rightly, or refused in one sentence that says what it is.

use std::io::Write;
use std::path::Path;

use dltheory::data::{self, Images, Source};
use flate2::Compression;
use flate2::write::GzEncoder;

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];
/// Training and test images.
const N: [usize; 2] = [40, 20];
const SIDE: usize = 28;

type Files = Vec<(String, Vec<u8>)>;

/// Bytes that look like noise, always the same.
fn noise(n: usize) -> Vec<u8> {
    let mut state = 12345_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    (0..n).map(|_| next()).collect()
}

/// An IDX file, written independently of the reader.
fn idx(kind: u8, sizes: &[usize], values: &[u8]) -> Vec<u8> {
    let sizes = sizes.iter().map(|&size| size as u32);
    let words: Vec<u8> = sizes.clone().flat_map(u32::to_be_bytes).collect();
    [&[0, 0, kind, sizes.count() as u8], &words[..], values].concat()
}

fn images(n: usize, side: usize) -> Vec<u8> {
    idx(8, &[n, side, side], &noise(n * side * side))
}

/// Labels `low`, `low` + 1, … in turn.
fn labels(n: usize, classes: usize, low: usize) -> Vec<u8> {
    let all: Vec<u8> = (0..n).map(|i| (low + i % classes) as u8).collect();
    idx(8, &[n], &all)
}

/// Training images and labels, then test images and labels.
fn good() -> [Vec<u8>; 4] {
    let [n, t] = N;
    [
        images(n, SIDE),
        labels(n, 10, 0),
        images(t, SIDE),
        labels(t, 10, 0),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).expect("memory");
    packed.finish().expect("memory")
}

/// The four files under changed names.
fn four(contents: [Vec<u8>; 4], name: impl Fn(&str) -> String) -> Files {
    NAMES.map(name).into_iter().zip(contents).collect()
}

fn plain(contents: [Vec<u8>; 4]) -> Files {
    four(contents, str::to_owned)
}

fn packed(contents: [Vec<u8>; 4], name: impl Fn(&str) -> String) -> Files {
    four(contents.map(|bytes| gzip(&bytes)), name)
}

fn folder(files: &Files) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("inside the folder")).expect("folder");
        std::fs::write(path, bytes).expect("write");
    }
    folder
}

/// What is read, or the sentence, with the folder's path replaced by DIR.
fn load(files: &Files) -> Result<Images, String> {
    let folder = folder(files);
    let shown = |text: String| text.replace(&folder.path().display().to_string(), "DIR");
    let mut images = data::load(folder.path()).map_err(|error| shown(error.to_string()))?;
    images.notes = images.notes.into_iter().map(shown).collect();
    Ok(images)
}

fn refusal(files: &Files) -> String {
    load(files).expect_err("refused")
}

/// The images of [`good`], with one note for each of `notes`, which it starts with or holds.
#[track_caller]
fn is_good(files: &Files, notes: &[&str]) {
    let images = load(files).expect("read");
    assert_eq!((images.len(), images.n_train), (60, 40));
    assert_eq!((images.shape, images.classes), ((SIDE, SIDE, 1), 10));
    let due: Vec<u8> = (0..40).chain(0..20).map(|i| (i % 10) as u8).collect();
    assert_eq!(images.labels, due);
    let all = images.pixels.iter().copied().collect::<Vec<u8>>();
    assert_eq!(all[..40 * 784], noise(40 * 784));
    assert_eq!(all[40 * 784..], noise(20 * 784));
    assert_eq!(
        images.name,
        "images in MNIST's format (40 + 20 of 28×28, 10 classes)"
    );
    assert!(!images.is_mnist());
    holds(&images, notes);
}

#[track_caller]
fn holds(images: &Images, notes: &[&str]) {
    assert_eq!(images.notes.len(), notes.len(), "{:?}", images.notes);
    for (note, due) in images.notes.iter().zip(notes) {
        assert!(note.contains(due), "{note}");
    }
}

#[test]
fn sets_are_found_wherever_they_lie() {
    is_good(&plain(good()), &[]);
    is_good(&packed(good(), |name| format!("{name}.gz")), &[]);
    is_good(&four(good(), |name| format!("{name}.gz")), &[]);
    is_good(&four(good(), |name| name.replace("-idx", ".idx")), &[]);
    for place in ["MNIST/raw", "FashionMNIST/raw", "mnist", "a/b/c"] {
        is_good(&four(good(), |name| format!("{place}/{name}")), &[]);
    }
    is_good(&packed(good(), |name| format!("{name} (1).gz")), &[]);
    // Kaggle: a folder of the same name beside the file, or instead of it.
    let within = four(good(), |name| format!("{name}/{name}"));
    is_good(&within, &[]);
    let dotted = four(good(), |name| name.replace("-idx", ".idx"));
    is_good(&[dotted, within].concat(), &[]);
    let mut with_debris = plain(good());
    with_debris.push((".DS_Store".into(), b"Bud1".to_vec()));
    with_debris.push((format!("._{}", NAMES[0]), vec![0, 5, 22, 7]));
    with_debris.push((format!("__MACOSX/{}", NAMES[0]), vec![0, 5, 22, 7]));
    is_good(&with_debris, &[]);
}

#[test]
fn two_sets_are_told_apart_by_the_reader_of_the_sentence() {
    let digits = four(good(), |name| format!("emnist-digits-{name}"));
    let letters = four(good(), |name| format!("emnist-letters-{name}"));
    let reason = refusal(&[digits, letters].concat());
    for part in [
        "DIR: expected one set of images",
        "emnist-digits-",
        "emnist-letters-",
        "of its own",
    ] {
        assert!(reason.contains(part), "{reason}");
    }
}

#[test]
fn a_good_file_beside_a_broken_one_is_used_and_said() {
    let packed = packed(good(), |name| format!("{name}.gz"));
    let empty = plain([const { Vec::new() }; 4]);
    let said = "expected a header of at least 8 bytes, found an empty file: fetch it again; DIR/";
    let notes = [said; 4];
    is_good(&[empty, packed.clone()].concat(), &notes);
    let page = b"<html><title>404</title>".to_vec();
    let broken: Files = vec![(NAMES[2].to_owned(), page)];
    is_good(
        &[packed, broken].concat(),
        &["found an HTML page (404), not data"],
    );
}

#[test]
fn half_downloads_are_named() {
    let page =
        b"<!DOCTYPE html>\n<html><head><title>403 Forbidden</title></head></html>\n".to_vec();
    let [_, train, _, test] = good().map(|bytes| gzip(&bytes));
    let files = four([page.clone(), train, page, test], |name| {
        format!("{name}.gz")
    });
    let reason = refusal(&files);
    let due =
        "found an HTML page (403 Forbidden), not data: the download failed, fetch the file again";
    assert!(
        reason.starts_with("DIR/train-images-idx3-ubyte.gz: ") && reason.ends_with(due),
        "{reason}"
    );
    let pointer =
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9912422\n".to_vec();
    let reason = refusal(&four(
        [const { Vec::new() }; 4].map(|_: Vec<u8>| pointer.clone()),
        |name| format!("{name}.gz"),
    ));
    assert!(
        reason.contains("a Git LFS pointer") && reason.contains("git lfs pull"),
        "{reason}"
    );
    let cut = good()
        .map(|bytes| gzip(&bytes))
        .map(|bytes| bytes[..bytes.len() - 9].to_vec());
    let reason = refusal(&four(cut, |name| format!("{name}.gz")));
    assert!(
        reason.contains("undamaged gzip file, found it cut short"),
        "{reason}"
    );
    let reason = refusal(&plain([const { Vec::new() }; 4]));
    assert!(reason.contains("found an empty file"), "{reason}");
}

#[test]
fn other_number_formats_and_axes_are_read() {
    let [n, t] = N;
    let [_, train, _, test] = good();
    let little = |n: usize| {
        let words = [0x803, n, SIDE, SIDE].map(|word| (word as u32).to_le_bytes());
        [words.concat(), noise(n * 784)].concat()
    };
    let note = "little-endian";
    is_good(
        &plain([little(n), train.clone(), little(t), test.clone()]),
        &[note; 2],
    );
    let channel = |n: usize| idx(8, &[n, SIDE, SIDE, 1], &noise(n * 784));
    is_good(
        &plain([channel(n), train.clone(), channel(t), test.clone()]),
        &[],
    );
    let float = |n: usize, factor: f32| {
        let values = noise(n * 784)
            .into_iter()
            .map(|level| f32::from(level) * factor);
        let bytes: Vec<u8> = values.flat_map(f32::to_be_bytes).collect();
        idx(0x0d, &[n, SIDE, SIDE], &bytes)
    };
    is_good(
        &plain([float(n, 1.0), train.clone(), float(t, 1.0), test.clone()]),
        &[],
    );
    let unit = [
        float(n, 1.0 / 255.0),
        train.clone(),
        float(t, 1.0 / 255.0),
        test.clone(),
    ];
    is_good(&plain(unit), &["numbers from 0 to 1 became grey levels"; 2]);
    let reason = refusal(&plain([float(n, -1.0), train, float(t, 1.0), test]));
    assert!(reason.contains("expected grey levels"), "{reason}");
    let eight = |n: usize| {
        let rows = (0..n).flat_map(|i| [(i % 10) as i32, 9, 9, 9, 9, 9, 9, 9]);
        idx(
            0x0c,
            &[n, 8],
            &rows.flat_map(i32::to_be_bytes).collect::<Vec<u8>>(),
        )
    };
    let [a, _, b, _] = good();
    let qmnist = [
        "train-images-idx3-ubyte",
        "train-labels-idx2-int",
        "test-images-idx3-ubyte",
        "test-labels-idx2-int",
    ];
    let names = qmnist.map(|name| format!("qmnist-{name}"));
    is_good(
        &names.into_iter().zip([a, eight(n), b, eight(t)]).collect(),
        &[],
    );
}

#[test]
fn swapped_names_are_noted_and_different_sizes_refused() {
    let [a, b, c, d] = good();
    is_good(&plain([b, a, d, c]), &["the names are swapped"; 2]);
    let [a, b, _, d] = good();
    let reason = refusal(&plain([a, b, images(20, 32), d]));
    assert_eq!(
        reason,
        "DIR/t10k-images-idx3-ubyte: expected images of 28×28 like those in \
         DIR/train-images-idx3-ubyte, found images of 32×32"
    );
    let [n, t] = N;
    let usps = load(&plain([
        images(n, 16),
        labels(n, 10, 0),
        images(t, 16),
        labels(t, 10, 0),
    ]));
    let name = "images in MNIST's format (40 + 20 of 16×16, 10 classes)";
    assert_eq!(usps.expect("read").name, name);
}

#[test]
fn emnist_stands_upright_and_counts_its_classes() {
    let [n, t] = [124, 62];
    let emnist = |classes, low, prefix: &str| {
        let files = [
            images(n, SIDE),
            labels(n, classes, low),
            images(t, SIDE),
            labels(t, classes, low),
        ];
        let files = packed(files, |name| {
            format!("{prefix}{}.gz", name.replace("t10k", "test"))
        });
        load(&files).expect("read")
    };
    for (classes, low, prefix, notes) in [
        (10, 0, "emnist-digits-", &["turned upright"][..]),
        (62, 0, "", &["turned upright"]),
        (47, 0, "", &["turned upright"]),
        (
            26,
            1,
            "emnist-letters-",
            &["classes 0 to 25, A to Z", "turned upright"],
        ),
    ] {
        let images = emnist(classes, low, prefix);
        assert_eq!(images.classes, classes);
        holds(&images, notes);
        assert!(
            images.name.ends_with(&format!("{classes} classes)")),
            "{}",
            images.name
        );
        // Row r, column c of the file's first image is at column r, row c.
        assert_eq!(images.pixels[[0, 5 * 28 + 3]], noise(784)[3 * 28 + 5]);
        assert_eq!(images.labels[..2], [0, 1]);
    }
    // 49 classes are not EMNIST's.
    holds(&emnist(49, 0, ""), &[]);
}

#[test]
fn thin_sets_are_said_to_be_thin() {
    let [n, t] = N;
    let [a, _, b, _] = good();
    let three = |n: usize| idx(8, &[n], &vec![3; n]);
    let one = load(&plain([a, three(n), b, three(t)])).expect("read");
    holds(&one, &["all 60 images are of class 3"]);
    let zero = |n: usize| idx(8, &[n, SIDE, SIDE], &vec![0; n * 784]);
    let reason = refusal(&plain([
        zero(n),
        labels(n, 10, 0),
        zero(t),
        labels(t, 10, 0),
    ]));
    assert!(
        reason.contains("is 60 equal images, expected images that differ"),
        "{reason}"
    );
    let flat = |n: usize| {
        let levels = (0..n * 784).map(|at| (25 * (at / 784 % 10)) as u8);
        idx(8, &[n, SIDE, SIDE], &levels.collect::<Vec<u8>>())
    };
    let alike = load(&plain([
        flat(n),
        labels(n, 10, 0),
        flat(t),
        labels(t, 10, 0),
    ]));
    holds(
        &alike.expect("read"),
        &[
            "only 10 of the 60 images",
            "every image is of one grey level",
        ],
    );
    let half = load(&plain(good())[..2].to_vec()).expect("read");
    assert_eq!((half.len(), half.n_train), (40, 40));
    holds(&half, &["training files only"]);
    let rest = load(&plain(good())[2..].to_vec()).expect("read");
    assert_eq!((rest.len(), rest.n_train), (20, 0));
}

/// `n` records with these labels before noise.
fn records(n: usize, labels: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    (0..n)
        .flat_map(|i| [labels(i), noise(3072)].concat())
        .collect()
}

#[test]
fn cifar_is_known_by_its_records() {
    let batches = |place: &str, bytes: &[u8]| -> Files {
        let names = [
            "data_batch_1",
            "data_batch_2",
            "data_batch_3",
            "data_batch_4",
            "data_batch_5",
            "test_batch",
        ];
        names
            .map(|name| (format!("{place}{name}.bin"), bytes.to_vec()))
            .to_vec()
    };
    let ten = load(&batches(
        "cifar-10-batches-bin/",
        &records(20, |i| vec![(i % 10) as u8]),
    ));
    let name = "images in CIFAR-10's format (100 + 20 of 32×32 in colour, 10 classes)";
    assert_eq!(ten.expect("read").name, name);
    let two = |i: usize| vec![(i % 20) as u8, (i % 100) as u8];
    let under = load(&batches("", &records(100, two))).expect("read");
    assert_eq!((under.classes, under.len()), (100, 600));
    assert!(
        under.notes[0].contains("CIFAR-100's, under CIFAR-10's names"),
        "{:?}",
        under.notes
    );
    let file = |name: &str, n| (format!("cifar-100-binary/{name}.bin"), records(n, two));
    let hundred = load(&vec![file("train", 60), file("test", 20)]).expect("read");
    assert_eq!(
        (hundred.classes, hundred.n_train, hundred.labels[59]),
        (100, 60, 59)
    );
    let pickles: Files = batches("cifar-10-batches-py/", b"\x80\x04\x95rest")
        .into_iter()
        .map(|(name, bytes)| (name.replace(".bin", ""), bytes))
        .collect();
    let reason = refusal(&pickles);
    assert!(
        reason.contains("a Python pickle, which is not read here: convert it"),
        "{reason}"
    );
}

/// A `.npy` file.
fn npy(kind: &str, sizes: &[usize], body: &[u8]) -> Vec<u8> {
    let shape: String = sizes.iter().map(|size| format!("{size}, ")).collect();
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), body].concat()
}

fn zipped(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("memory");
        archive.write_all(bytes).expect("memory");
    }
    archive.finish().expect("memory").into_inner()
}

#[test]
fn numpy_arrays_are_read_as_keras_keeps_them() {
    let [n, t] = N;
    let x = |n: usize| npy("|u1", &[n, SIDE, SIDE], &noise(n * 784));
    let y = |n: usize| {
        npy(
            "<i8",
            &[n],
            &(0..n as i64)
                .flat_map(|i| (i % 10).to_le_bytes())
                .collect::<Vec<u8>>(),
        )
    };
    let arrays = [
        ("x_train.npy", x(n)),
        ("y_train.npy", y(n)),
        ("x_test.npy", x(t)),
        ("y_test.npy", y(t)),
    ];
    let npz: Files = vec![("mnist.npz".into(), zipped(&arrays))];
    is_good(&npz, &[]);
    let loose: Files = arrays
        .iter()
        .map(|(name, bytes)| ((*name).to_owned(), bytes.clone()))
        .collect();
    is_good(&loose, &[]);
    let single = |name: &str, array: Vec<u8>| (name.to_owned(), zipped(&[("arr_0.npy", array)]));
    is_good(
        &vec![
            single("kmnist-train-imgs.npz", x(n)),
            single("kmnist-train-labels.npz", y(n)),
            single("kmnist-test-imgs.npz", x(t)),
            single("kmnist-test-labels.npz", y(t)),
        ],
        &[],
    );
    let damaged = refusal(&vec![("mnist.npz".into(), b"PK\x03\x04".to_vec())]);
    assert!(
        damaged.starts_with("DIR/mnist.npz: expected a zip archive of NumPy arrays"),
        "{damaged}"
    );
    let other = refusal(&vec![("mnist.npz".into(), zipped(&arrays[..1]))]);
    assert!(other.ends_with("found arrays x_train"), "{other}");
}

#[test]
fn tables_are_read_as_kaggle_has_them() {
    let [n, t] = N;
    let table = |n: usize, heading: &str| {
        let pixels = noise(n * 784);
        let lines = pixels.chunks(784).enumerate().map(|(i, levels)| {
            let levels: Vec<String> = levels.iter().map(u8::to_string).collect();
            format!("{},{}\n", i % 10, levels.join(","))
        });
        heading.to_owned() + &lines.collect::<String>()
    };
    let pixels: Vec<String> = (0..784).map(|i| format!("pixel{i}")).collect();
    let heading = format!("label,{}\n", pixels.join(","));
    for heading in ["", &heading] {
        let files: Files = vec![
            ("mnist_train.csv".into(), table(n, heading).into_bytes()),
            ("mnist_test.csv".into(), gzip(table(t, heading).as_bytes())),
        ];
        is_good(&files, &[]);
    }
    // The competition's test table has no labels.
    let bare: String = heading.trim_start_matches("label,").to_owned();
    let files: Files = vec![
        ("train.csv".into(), table(n, &heading).into_bytes()),
        ("test.csv".into(), bare.into_bytes()),
    ];
    holds(&load(&files).expect("read"), &["a heading without `label`"]);
    let reason = refusal(&vec![("mnist_train.csv".into(), b"5,0,0,0\n".to_vec())]);
    assert!(
        reason.contains("expected a CSV table")
            && reason.ends_with("found 3 columns beside the label"),
        "{reason}"
    );
}

#[test]
fn what_is_there_is_listed_when_nothing_fits() {
    for (name, bytes, words) in [
        (
            "train-00000-of-00001.parquet",
            b"PAR1".to_vec(),
            "a Parquet file, which is not read here",
        ),
        (
            "archive.zip",
            zipped(&[(NAMES[0], Vec::new())]),
            "a zip archive: unpack it",
        ),
        (
            "cifar-10-binary.tar.gz",
            gzip(b"tar"),
            "an archive by its name: unpack it",
        ),
        ("t.h5", b"\x89HDF\r\n".to_vec(), "an HDF5 file"),
        ("notes.md", b"words".to_vec(), "notes.md"),
    ] {
        let reason = refusal(&vec![(name.to_owned(), bytes)]);
        assert!(
            reason.starts_with("DIR: expected train-images-idx3-ubyte"),
            "{reason}"
        );
        assert!(
            reason.contains(&format!("found none of these; there is {name}")),
            "{reason}"
        );
        assert!(reason.contains(words), "{reason}");
    }
    assert!(refusal(&Vec::new()).ends_with("found no file at all"));
    let many: Files = (0..40)
        .map(|i| (format!("{i}.txt"), b"text".to_vec()))
        .collect();
    assert!(refusal(&many).ends_with("and 28 more files"));
}

#[test]
fn real_digits_of_another_size_are_read() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/digits");
    let source = Source::Folder(here);
    let digits = source.load().expect("in the repository");
    assert_eq!((digits.len(), digits.n_train), (1797, 1500));
    assert_eq!((digits.shape, digits.classes), ((8, 8, 1), 10));
    // Counted by another program.
    assert_eq!(
        digits.counts(),
        [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    );
    assert_eq!(digits.pixels.iter().copied().max(), Some(255));
    assert!(digits.notes.is_empty() && !digits.is_mnist());
    let identity = source.identity().expect("in the repository");
    assert_eq!(
        identity.name,
        "images in MNIST's format (1500 + 297 of 8×8, 10 classes)"
    );
    assert_eq!(identity, digits.identity());
    // The same with levels from 0 to 16, as scikit-learn has them.
    let dim = digits
        .pixels
        .mapv(|level| ((f64::from(level) * 16.0) / 255.0).round() as u8);
    let all: Vec<u8> = dim.iter().copied().collect();
    let files: Files = vec![
        (NAMES[0].to_owned(), idx(8, &[1797, 8, 8], &all)),
        (NAMES[1].to_owned(), idx(8, &[1797], &digits.labels)),
    ];
    let raw = load(&files).expect("read");
    assert!(
        raw.notes
            .iter()
            .any(|note| note.contains("the greatest grey level is 16 of 255")),
        "{:?}",
        raw.notes
    );
}
