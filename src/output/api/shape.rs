//! The shape of the documents, from the types that are written.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::document::Document;
use super::incident::Incident;

/// The JSON Schema (draft 07) of what a document of the API may hold; each document has some of the keys.
pub fn shape() -> Value {
    let mut generator = SchemaSettings::draft07().into_generator();
    // Documents hold entries that are written already, so that their type does not say which.
    let entry = generator.subschema_for::<Incident<'_>>().to_value();
    let mut shape = generator.into_root_schema_for::<Document<'_>>().to_value();
    let keys = &mut shape["properties"];
    keys["incident"]["anyOf"] = json!([entry]);
    for list in ["incidents", "scheduled_maintenances"] {
        keys[list]["items"] = entry.clone();
    }
    shape
}
