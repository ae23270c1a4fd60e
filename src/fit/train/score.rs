//! Measuring a network on a data set.

use std::borrow::Cow;

use ndarray::{CowArray, Ix2};

use super::Score;
use super::workspace::{ROW_MAJOR, Rows, Workspace};
use crate::data::Dataset;
use crate::error::{Error, Result, check_finite};
use crate::model::mlp::MlpOf;
use crate::model::{Loss, TargetKind};
use crate::real::Real;

/// The most examples measured at once, unless batches are larger.
pub(super) const ROWS: usize = 256;

/// A data set that was checked against a network and a loss, in the network's type and in
/// row-major order.
pub(super) struct Measured<'a, T> {
    x: CowArray<'a, T, Ix2>,
    y: CowArray<'a, T, Ix2>,
    /// The number of examples.
    pub(super) n: usize,
    /// 0 … n − 1.
    all: Vec<usize>,
    /// What its targets stand for.
    pub(super) kind: TargetKind,
}

impl<'a, T: Real> Measured<'a, T> {
    /// Checks `data`, which errors call `name`.
    pub(super) fn new(net: &MlpOf<T>, data: &'a Dataset, loss: Loss, name: &str) -> Result<Self> {
        let n = data.x.nrows();
        let shape = |what: &str, array: &ndarray::Array2<f64>, rows: Cow<'_, str>, columns| {
            let expected = format!("({rows}, {columns}) for this network");
            Err(Error::shape(
                &format!("{name} {what}"),
                expected,
                array.shape(),
            ))
        };
        let (d, k) = (net.n_inputs(), net.n_outputs());
        if n == 0 || data.x.ncols() != d {
            return shape("inputs", &data.x, "n ≥ 1".into(), d);
        }
        if data.y.dim() != (n, k) {
            return shape("targets", &data.y, n.to_string().into(), k);
        }
        check_finite(&format!("{name} inputs"), &data.x)?;
        loss.check_targets(&data.y)?;
        Ok(Self {
            x: T::standard(&data.x),
            y: T::standard(&data.y),
            n,
            all: (0..n).collect(),
            kind: TargetKind::of(&data.y),
        })
    }

    pub(super) fn rows(&self) -> Rows<'_, T> {
        Rows {
            x: self.x.as_slice().expect(ROW_MAJOR),
            y: self.y.as_slice().expect(ROW_MAJOR),
        }
    }

    /// The mean loss and the error; the loss alone where it is not finite.
    pub(super) fn score(
        &self,
        net: &MlpOf<T>,
        workspace: &mut Workspace<T>,
        loss: Loss,
    ) -> std::result::Result<Score, f64> {
        let (mut sum, mut wrong) = (0.0, 0);
        let mut start = 0;
        while start < self.n {
            let end = self.n.min(start + workspace.capacity());
            workspace.load(self.rows(), &self.all[start..end]);
            workspace.forward(net);
            sum += workspace.loss(loss) * (end - start) as f64;
            wrong += workspace.mistakes(self.kind);
            start = end;
        }
        let n = self.n as f64;
        let loss = sum / n;
        let error = (self.kind != TargetKind::Numbers).then_some(wrong as f64 / n);
        match loss.is_finite() {
            true => Ok(Score { loss, error }),
            false => Err(loss),
        }
    }
}

/// The mean loss of a network on a data set, and its error if the targets are classes.
///
/// # Errors
/// The network or the data are empty, not finite, or do not fit each other or the loss; the
/// outputs are not finite.
pub fn evaluate<T: Real>(net: &MlpOf<T>, data: &Dataset, loss: Loss) -> Result<Score> {
    net.check()?;
    let measured = Measured::new(net, data, loss, "the")?;
    let capacity = ROWS.min(measured.n);
    net.check_room(capacity)?;
    let net = net.standard();
    let score = measured.score(&net, &mut Workspace::new(&net, capacity), loss);
    score.map_err(|loss| Error::overflow("the loss", loss))
}
