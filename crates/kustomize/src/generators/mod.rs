//! The generators: what makes objects.

mod absorb;
mod data;
mod helm_chart;
mod iam_policy;
mod key_values;
mod values;

use source::{Result, Span};

pub(crate) use absorb::absorb_all;
pub(crate) use data::{DataGenerator, DataKind};
pub(crate) use helm_chart::HelmChartInflation;
pub(crate) use iam_policy::IamPolicy;

use crate::Compat;
use crate::context::Context;
use crate::kustomization::{GeneratorOptions, HelmChart, Kustomization};
use crate::load::Folder;
use crate::resource::Resource;
use crate::upstream::trouble;

/// A maker of objects, configured and ready to run.
pub(crate) trait Generator {
    /// The entry that asks for them.
    fn entry(&self) -> Span;

    /// Makes the objects.
    fn generate(&self, context: &mut Context<'_>) -> Result<Vec<Resource>>;
}

/// The generators of a kustomization's own fields, in the order in which they run, under
/// upstream's names. (upstream: `configureBuiltinGenerators`)
pub(crate) fn configure(
    context: &Context<'_>,
    folder: &Folder,
    kustomization: &Kustomization,
    helm_namespace: &str,
) -> Result<Vec<(&'static str, Box<dyn Generator>)>> {
    let mut generators: Vec<(&'static str, Box<dyn Generator>)> = Vec::new();
    let global = kustomization.generator_options.as_ref();
    for (kind, list) in [
        (DataKind::ConfigMap, &kustomization.config_map_generator),
        (DataKind::Secret, &kustomization.secret_generator),
    ] {
        for args in list {
            let options = GeneratorOptions::merged(args.options.as_ref(), global);
            let (folder, args) = (folder.clone(), args.clone());
            let generator = DataGenerator { kind, folder, args, options };
            generators.push((kind.plugin(), Box::new(generator)));
        }
    }
    for chart in &kustomization.helm_charts {
        let mut chart = chart.clone();
        if context.options.compat == Compat::V5_8 {
            inherit_namespace(&mut chart, kustomization, helm_namespace);
        }
        let globals = kustomization.helm_globals.clone();
        let config = chart.as_config(&globals);
        let generator = HelmChartInflation::configure(context, folder, chart, globals);
        let generator =
            generator.map_err(|e| trouble(e, "HelmChartInflationGenerator", &config))?;
        generators.push(("HelmChartInflationGenerator", Box::new(generator)));
    }
    Ok(generators)
}

/// A chart without a namespace gets that of its kustomization, or of the nearest above.
fn inherit_namespace(chart: &mut HelmChart, kustomization: &Kustomization, above: &str) {
    if chart.namespace.is_empty() {
        chart.namespace = kustomization.namespace.clone();
    }
    if chart.namespace.is_empty() {
        chart.namespace.value = above.into();
    }
}
