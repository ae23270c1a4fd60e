//! The checks judge: small changes of the solutions lose points.

use dltheory::grade::mutants::{changed, sample, survey};

use crate::grader;

/// Where a solution is new or changed, all of its mutants; of the others, one each.
#[test]
fn a_small_change_of_a_solution_loses_points() {
    let grader = grader();
    let mut faults = sample(&grader, 1).unwrap();
    let names = changed().unwrap();
    if !names.is_empty() {
        let surveys = survey(&grader, &names, |_| ()).unwrap();
        faults.extend(surveys.into_iter().flat_map(|survey| survey.faults));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
