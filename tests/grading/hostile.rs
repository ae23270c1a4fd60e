//! Submissions that attack the grader, and what becomes of them: no points, no harm.

mod answers;
