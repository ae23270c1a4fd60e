//! JUnit XML: a suite a submission, a case a check.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::grade::class::Graded;
use crate::{Error, Result};

/// The XML of a class. A submission that could not be graded is a case of its own, `graded`, with
/// an error, which is no failure: the machine's trouble is not the student's.
///
/// # Errors
/// It cannot be written as XML.
pub fn junit(all: &[Graded]) -> Result<String> {
    let mut report = Report::new("dltheory");
    for graded in all {
        let mut suite = TestSuite::new(graded.name.as_str());
        match &graded.grade {
            Ok(grade) => {
                for exercise in &grade.exercises {
                    for check in &exercise.checks {
                        let status = match check.passed && exercise.finding.is_none() {
                            true => TestCaseStatus::success(),
                            false => {
                                let reason = exercise.finding.clone().or_else(|| check.reason());
                                not(NonSuccessKind::Failure, reason.unwrap_or_default())
                            }
                        };
                        let mut case = TestCase::new(check.name.as_str(), status);
                        case.set_classname(exercise.id.as_str());
                        suite.add_test_case(case);
                    }
                }
            }
            Err(error) => {
                let sentence = format!("could not be graded: {error}");
                let status = not(NonSuccessKind::Error, sentence);
                suite.add_test_case(TestCase::new("graded", status));
            }
        }
        report.add_test_suite(suite);
    }
    let xml = report.to_string();
    xml.map_err(|error| Error::Grading(format!("JUnit: {error}")))
}

fn not(kind: NonSuccessKind, sentence: String) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(sentence);
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::Student;

    #[test]
    fn what_could_not_be_graded_has_an_entry() {
        let failed = Graded {
            name: "ada".into(),
            student: Student::default(),
            grade: Err("the machine failed: no <memory>".into()),
            resumed: false,
        };
        let xml = junit(&[failed]).unwrap();
        assert!(xml.contains(r#"<testsuite name="ada" tests="1""#), "{xml}");
        assert!(xml.contains(r#"errors="1" failures="0""#), "{xml}");
        let says = "<error message=\"could not be graded: the machine failed: no &lt;memory&gt;\"";
        assert!(xml.contains(says), "{xml}");
    }
}
