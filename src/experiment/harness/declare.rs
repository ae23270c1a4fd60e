//! `settings!`: an experiment's settings, declared once.

/// Declares the settings of an experiment.
///
/// One line a setting: help, type, default, then, in this order and each only if needed,
/// `quick VALUE` (for a quick run), `in LIMITS`; for a list `len COUNT` and `increasing` (each item above the one before).
///
/// ```ignore
/// settings! {
///     /// Settings of `double_descent`.
///     pub struct DoubleDescent {
///         /// Training digits per draw.
///         n: usize = 600, quick 150, in 20..=4000;
///         /// Bandwidth σ of the Gaussian kernel, in units of the input norm.
///         sigma: f64 = 5.0, in 0.01..=1000.0;
///         /// Also run averaged SGD?
///         sgd: bool = true;
///         /// The two digits to tell apart.
///         digits: Vec<usize> = vec![3, 7], in 0..=9, len 2;
///         /// Hidden units.
///         widths: Vec<usize> = vec![16, 64], in 1..=4096, increasing;
///         /// How the spectrum decays.
///         decay: &'static str = "flat", in ["flat", "inverse_square"];
///     }
/// }
/// ```
///
/// The types are `bool`, `usize`, `f64`, `&'static str` and a `Vec` of one of them. A range is any
/// Rust range (`1..`, `0.0..1.0`); infinities and NaN are always refused. The struct then has
/// public fields, `Default`, [`Settings`](super::Settings), `quick()`, `run(seed)`,
/// `run_in(seed, &context)`, `html()` and `evcxr_display`. It must be a [`Study`](super::Study) too.
macro_rules! settings {
    (@last $value:expr) => { $value };
    (@last $default:expr, $quick:expr) => { $quick };
    (@limits $kind:ty) => { settings!(@limits $kind, $crate::experiment::NoLimits) };
    (@limits $kind:ty, $limits:expr) => {
        $crate::experiment::LimitsOf::<<$kind as $crate::experiment::Kind>::Item>::limits($limits)
    };
    (@length $kind:ty) => { <$kind as $crate::experiment::Kind>::LENGTH };
    (@length $kind:ty, $length:expr) => { Some($crate::experiment::Count::from($length)) };
    (@order) => { false };
    (@order increasing) => { true };
    (
        $(#[doc = $about:literal])+
        pub struct $name:ident {
            $(
                $(#[doc = $help:literal])+
                $field:ident: $kind:ty = $default:expr
                    $(, quick $quick:expr)? $(, in $limits:expr)? $(, len $length:expr)?
                    $(, increasing $(@ $order:tt)?)?;
            )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $(
                $(#[doc = $help])+
                #[doc = concat!(
                    "\nDefault `", stringify!($default), "`"
                    $(, ", quick `", stringify!($quick), "`")?
                    $(, ", allowed `", stringify!($limits), "`")?
                    $(, ", length `", stringify!($length), "`")?
                    $(, ", increasing" $(, $order)?)?, "."
                )]
                pub $field: $kind,
            )+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl $crate::experiment::Settings for $name {
            fn specs() -> Vec<$crate::experiment::SettingSpec> {
                let (default, quick) = (Self::default(), Self::quick());
                vec![$(
                    $crate::experiment::SettingSpec {
                        name: stringify!($field),
                        help: concat!($($help),+).trim(),
                        default: $crate::experiment::Kind::to_value(&default.$field),
                        quick: $crate::experiment::Kind::to_value(&quick.$field),
                        limits: settings!(@limits $kind $(, $limits)?),
                        length: settings!(@length $kind $(, $length)?),
                        increasing: settings!(@order $(increasing $($order)?)?),
                    },
                )+]
            }

            fn quick() -> Self {
                Self { $($field: settings!(@last $default $(, $quick)?),)+ }
            }

            fn values(&self) -> Vec<$crate::experiment::Value> {
                vec![$($crate::experiment::Kind::to_value(&self.$field),)+]
            }

            fn put(&mut self, name: &str, value: $crate::experiment::Value) -> bool {
                match name {
                    $(stringify!($field) => match $crate::experiment::Kind::from_value(value) {
                        Some(value) => {
                            self.$field = value;
                            true
                        }
                        None => false,
                    },)+
                    _ => false,
                }
            }
        }

        // Inherent, so that a notebook needs no trait in scope.
        impl $name {
            /// The defaults at a size that runs in a few seconds.
            #[must_use]
            pub fn quick() -> Self {
                <Self as $crate::experiment::Settings>::quick()
            }

            /// Runs the experiment with these settings, on the data that `DLTHEORY_DATA` names
            /// or the built-in sample.
            ///
            /// # Errors
            /// A setting out of range, data that cannot be read, a computation that fails.
            pub fn run(&self, seed: u64) -> $crate::Result<$crate::experiment::Report> {
                self.run_in(seed, &$crate::experiment::Context::default())
            }

            /// Runs the experiment with these settings on the data of `context`.
            ///
            /// # Errors
            /// A setting out of range, data that cannot be read, a computation that fails.
            pub fn run_in(
                &self,
                seed: u64,
                context: &$crate::experiment::Context,
            ) -> $crate::Result<$crate::experiment::Report> {
                $crate::experiment::run(self, seed, context)
            }

            /// All settings as an HTML table: value, allowed values, meaning.
            #[must_use]
            pub fn html(&self) -> $crate::display::Html {
                <Self as $crate::experiment::Settings>::html(self)
            }

            /// Shows the settings as a table in a notebook.
            pub fn evcxr_display(&self) {
                self.html().evcxr_display();
            }
        }
    };
}
pub(crate) use settings;
