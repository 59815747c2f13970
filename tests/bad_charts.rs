//! Charts that cannot be rendered: one clear diagnostic, exit code 2, nothing changed.

use crate::bad_input::{EDGE, broken};

#[test]
fn a_template_error_points_into_the_template() {
    let chart = "overlays/cluster-02-edge/web/charts/own";
    broken(
        &[
            (EDGE, "helmCharts:\n- name: own\n  releaseName: own\n"),
            (
                &format!("{chart}/Chart.yaml"),
                "apiVersion: v2\nname: own\nversion: 1.0.0\n",
            ),
            (&format!("{chart}/values.yaml"), "a: 1\n"),
            (
                &format!("{chart}/templates/a.yaml"),
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: {{ .Values.b.c }}\n",
            ),
        ],
        &["nil pointer evaluating interface {}.c", "templates/a.yaml:6"],
    );
}

#[test]
fn a_values_file_that_is_no_map() {
    let chart = "overlays/cluster-02-edge/web/charts/own";
    broken(
        &[
            (
                EDGE,
                "helmCharts:\n- name: own\n  releaseName: own\n  valuesFile: values.yaml\n",
            ),
            ("overlays/cluster-02-edge/web/values.yaml", "- a\n"),
            (
                &format!("{chart}/Chart.yaml"),
                "apiVersion: v2\nname: own\nversion: 1.0.0\n",
            ),
            (&format!("{chart}/templates/a.yaml"), "a: b\n"),
        ],
        &["overlays/cluster-02-edge/web/values.yaml"],
    );
}

#[test]
fn a_chart_that_is_not_here() {
    broken(
        &[(
            EDGE,
            "helmCharts:\n- name: own\n  repo: https://charts.example.com\n  version: 1.0.0\n  releaseName: own\n",
        )],
        &["own", "hint:", "thanos-gitops vendor", &format!("{EDGE}:2:")],
    );
}
