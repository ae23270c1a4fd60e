//! Every exercise is fair.

use dltheory::grade::verify::{references, verify};

use crate::grader;

#[test]
fn stubs_score_nothing_references_everything_and_wrong_answers_lose_the_check_meant_for_them() {
    let verdicts = verify(&grader(), |_| ()).unwrap();
    let faults: Vec<String> = verdicts
        .iter()
        .flat_map(|verdict| {
            verdict
                .faults
                .iter()
                .map(|fault| format!("{}: {fault}", verdict.id))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_same_submission_has_the_same_grade() {
    let submission = references().unwrap();
    // Where the scratch folder is makes no difference.
    let [first, second] = [grader(), grader()].map(|own| own.grade(&submission).unwrap());
    assert_eq!(first, second);
    assert_eq!(first.points, first.out_of);
}
