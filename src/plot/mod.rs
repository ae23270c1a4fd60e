//! Figures as SVG.

use crate::Result;

/// A figure (placeholder).
#[derive(Debug, Clone, Default)]
pub struct Figure(());

impl Figure {
    /// The figure as one SVG document.
    ///
    /// # Errors
    /// None.
    pub fn svg(&self) -> Result<String> {
        Ok(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"></svg>"
                .to_owned(),
        )
    }
}
