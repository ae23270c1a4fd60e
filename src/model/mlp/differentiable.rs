//! Both kinds of perceptrons as differentiable networks.

use ndarray::{Array2, ArrayRef2};

use super::walk::{Walk, WalkTangent};
use super::{MlpOf, NormalisedMlpOf, NormalisedTrace, Trace};
use crate::error::Result;
use crate::model::batch_norm::BatchNormOf;
use crate::model::differentiate::{Differentiable, Direction, Vjp};
use crate::real::Real;

impl<T: Real> Differentiable for MlpOf<T> {
    type Number = T;
    type Trace = Trace<T>;
    type Tangent = WalkTangent<T>;

    fn n_inputs(&self) -> usize {
        self.n_inputs()
    }

    fn n_outputs(&self) -> usize {
        self.n_outputs()
    }

    fn n_parameters(&self) -> usize {
        self.n_parameters()
    }

    fn check(&self) -> Result<()> {
        self.check()
    }

    fn check_room(&self, rows: usize) -> Result<()> {
        self.check_room(rows)
    }

    fn check_trace(&self, trace: &Trace<T>) -> Result<()> {
        self.check_shapes(trace)
    }

    fn forward(&self, x: &ArrayRef2<T>) -> Result<Trace<T>> {
        Ok(self.run(x))
    }

    fn outputs(trace: &Trace<T>) -> &Array2<T> {
        trace.outputs()
    }

    fn inputs(trace: &Trace<T>) -> &Array2<T> {
        &trace.h[0]
    }

    fn pull(&self, trace: &Trace<T>, v: &ArrayRef2<T>) -> Vjp<T> {
        walk(self, trace).pull(v)
    }

    fn pull_inputs(&self, trace: &Trace<T>, v: &ArrayRef2<T>) -> Array2<T> {
        walk(self, trace).pull_inputs(v)
    }

    fn push(&self, trace: &Trace<T>, along: Direction<'_, T>) -> WalkTangent<T> {
        walk(self, trace).push(along)
    }

    fn pushed_outputs(tangent: &WalkTangent<T>) -> &Array2<T> {
        &tangent.outputs
    }

    fn pull_rate(
        &self,
        trace: &Trace<T>,
        tangent: &WalkTangent<T>,
        along: Direction<'_, T>,
        v: &ArrayRef2<T>,
        rate: &ArrayRef2<T>,
    ) -> Vjp<T> {
        walk(self, trace).pull_rate(tangent, along, v, rate)
    }
}

fn walk<'a, T>(net: &'a MlpOf<T>, trace: &'a Trace<T>) -> Walk<'a, T> {
    Walk {
        layers: &net.layers,
        activation: net.activation,
        h: &trace.h[..net.layers.len()],
        before: trace.z[..net.layers.len() - 1].iter().collect(),
        norms: &[],
        passes: &[],
    }
}

/// In training mode: rows are normalised together.
impl<T: Real> Differentiable for NormalisedMlpOf<T> {
    type Number = T;
    type Trace = NormalisedTrace<T>;
    type Tangent = WalkTangent<T>;

    fn n_inputs(&self) -> usize {
        self.net.n_inputs()
    }

    fn n_outputs(&self) -> usize {
        self.net.n_outputs()
    }

    fn n_parameters(&self) -> usize {
        let norms = self.norms.iter().map(BatchNormOf::features);
        self.net.n_parameters() + 2 * norms.sum::<usize>()
    }

    fn least_rows(&self) -> usize {
        2
    }

    fn check(&self) -> Result<()> {
        self.check()
    }

    fn check_room(&self, rows: usize) -> Result<()> {
        self.net.check_room(rows)
    }

    fn check_trace(&self, trace: &NormalisedTrace<T>) -> Result<()> {
        self.check_shapes(trace)
    }

    fn forward(&self, x: &ArrayRef2<T>) -> Result<NormalisedTrace<T>> {
        self.run(x)
    }

    fn outputs(trace: &NormalisedTrace<T>) -> &Array2<T> {
        &trace.outputs
    }

    fn inputs(trace: &NormalisedTrace<T>) -> &Array2<T> {
        &trace.h[0]
    }

    fn pull(&self, trace: &NormalisedTrace<T>, v: &ArrayRef2<T>) -> Vjp<T> {
        normalised(self, trace).pull(v)
    }

    fn pull_inputs(&self, trace: &NormalisedTrace<T>, v: &ArrayRef2<T>) -> Array2<T> {
        normalised(self, trace).pull_inputs(v)
    }

    fn push(&self, trace: &NormalisedTrace<T>, along: Direction<'_, T>) -> WalkTangent<T> {
        normalised(self, trace).push(along)
    }

    fn pushed_outputs(tangent: &WalkTangent<T>) -> &Array2<T> {
        &tangent.outputs
    }

    fn pull_rate(
        &self,
        trace: &NormalisedTrace<T>,
        tangent: &WalkTangent<T>,
        along: Direction<'_, T>,
        v: &ArrayRef2<T>,
        rate: &ArrayRef2<T>,
    ) -> Vjp<T> {
        normalised(self, trace).pull_rate(tangent, along, v, rate)
    }
}

fn normalised<'a, T>(net: &'a NormalisedMlpOf<T>, trace: &'a NormalisedTrace<T>) -> Walk<'a, T> {
    Walk {
        layers: &net.net.layers,
        activation: net.net.activation,
        h: &trace.h,
        before: trace.norms.iter().map(|pass| &pass.outputs).collect(),
        norms: &net.norms,
        passes: &trace.norms,
    }
}
