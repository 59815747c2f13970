//! Which OpenAPI schema a build goes by.

use source::{Diagnostic, Result};

use crate::context::Context;
use crate::kustomization::TextMap;
use crate::load::{Folder, empty_schema, schema_document};
use crate::resource::ResMap;

/// The one schema that can be asked for by its version.
const BUILTIN_SCHEMA: &str = "v1.21.2";

/// Puts the schema that `openapi:` names in force. (upstream: `openapi.SetSchema`)
pub(crate) fn put(
    context: &mut Context<'_>,
    folder: &Folder,
    openapi: &TextMap,
) -> Result<()> {
    let path = openapi.get("path");
    let loaded = path.map(|path| folder.load(context, path)).transpose()?;
    // The first kustomization that says anything decides, for the whole build.
    if context.schema_decided {
        return Ok(());
    }
    let version = openapi.get("version");
    let (Some(path), Some(loaded)) = (path, loaded) else {
        let Some(version) = version.filter(|version| !version.is_empty()) else {
            return Ok(());
        };
        if version.as_str() != BUILTIN_SCHEMA {
            let message = format!(
                "the specified OpenAPI version is not built in: {}",
                version.as_str()
            );
            return Err(Diagnostic::error(version.span, message).hint(format!(
                "{BUILTIN_SCHEMA} is built in; name a file with `path:` for another one"
            )));
        }
        context.schema_decided = true;
        return Ok(());
    };
    if version.is_some() {
        let message = "builtin version and custom schema provided, cannot use both";
        return Err(
            Diagnostic::error(path.span, message).hint("keep either `version` or `path`")
        );
    }
    context.schema_decided = true;
    let schema = schema_document(context, loaded.file).unwrap_or_else(|fault| {
        let step = "reading the schema that this entry names";
        context.schema_fault = Some(fault.trace(path.span, step));
        empty_schema()
    });
    context.schema = match context.schema_used {
        true => context.schema.extended(&schema),
        false => context.schema.with_custom(&schema),
    };
    context.schema_used = false;
    Ok(())
}

/// An error if the schema was asked and cannot be read.
pub(crate) fn refuse_bad_schema(
    context: &mut Context<'_>,
    resources: &ResMap,
) -> Result<()> {
    if context.schema_used || asks_for_scopes(context, resources) {
        return context.schema_fault.take().map_or(Ok(()), Err);
    }
    Ok(())
}

/// Is there a kind that the table of scopes does not know? Then the schema is asked.
pub(crate) fn asks_for_scopes(context: &Context<'_>, resources: &ResMap) -> bool {
    resources.iter().any(|resource| {
        let gvk = &resource.cur_id().gvk;
        context.schema.scope(&gvk.api_version(), &gvk.kind).is_none()
    })
}
