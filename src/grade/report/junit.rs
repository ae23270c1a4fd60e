//! JUnit XML: a suite a submission, a case a check.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::grade::Grade;
use crate::{Error, Result};

/// The XML of a class.
///
/// # Errors
/// It cannot be written as XML.
pub fn junit(grades: &[Grade]) -> Result<String> {
    let mut report = Report::new("dltheory");
    for grade in grades {
        let mut suite = TestSuite::new(grade.submission.as_str());
        for exercise in &grade.exercises {
            for check in &exercise.checks {
                let status = if check.passed && exercise.finding.is_none() {
                    TestCaseStatus::success()
                } else {
                    let reason = exercise.finding.clone().or_else(|| check.reason());
                    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    status.set_message(reason.unwrap_or_default());
                    status
                };
                let mut case = TestCase::new(check.name.as_str(), status);
                case.set_classname(exercise.id.as_str());
                suite.add_test_case(case);
            }
        }
        report.add_test_suite(suite);
    }
    let xml = report.to_string();
    xml.map_err(|error| Error::Grading(format!("JUnit: {error}")))
}
