//! **ops-mixite**: indicators of geographic social mix (*indicateurs de mixité
//! géographique*) from the confidential OPS files of social landlords
//! (*bailleurs sociaux*), computed where the file is, so that only a
//! secrecy-safe partial aggregate ever leaves.
//!
//! Data flows one way, and a module knows those before it by their output type
//! only:
//!
//! ```text
//! bytes ─ intake ─▶ Dwelling ─ indicator ─▶ table ─ secrecy ─▶ partial ─ attack ┐
//!                                                                               │
//!                 chart ◀─ base ◀─ merge ◀──────────────────────────────────────┘
//! ```
//!
//! * [`campaign`]: what landlords and consultant agreed on.
//! * [`dwelling`]: one row of the survey, understood; closed vocabularies.
//! * [`intake`]: bytes of a spreadsheet → dwellings, and a quality report.
//! * [`indicator`]: the catalogue of tables and of indicators.
//! * [`table`]: additive tables over a tree of mailles, exact integers.
//! * [`secrecy`]: the protector, the only maker of publishable counts.
//! * [`partial`]: the only file that leaves a landlord.
//! * [`attack`]: the gate; attacks a partial from what it publishes alone.
//! * [`merge`]: partials of several landlords → merged tables.
//! * [`base`]: merged tables → results the collectivité reads.
//! * [`contours`]: boundaries that the user gives, bounded and checked.
//! * [`chart`]: drawings, generic over the backend.
//! * [`export`]: a base as a workbook (Excel, LibreOffice) or a long table (CSV).
//! * [`pipeline`]: the steps in order, shared by page and command line.
//! * [`page`]: the three screens; only its `browser` half knows the browser.
//! * [`words`]: French, but for the sentences of error enums.
//! * [`example`]: a fictitious landlord's file, made by a seeded generator.
//! * `schema`: the JSON Schemas of the files, made from their types.
//! * [`json`]: how documents are written, read and fingerprinted.
//! * [`legible`]: text that looks like what it is.
//! * [`order`]: sorting, in few bytes.

pub mod attack;
pub mod base;
pub mod campaign;
pub mod chart;
pub mod contours;
pub mod dwelling;
pub mod example;
pub mod export;
pub mod indicator;
pub mod intake;
pub mod json;
pub mod legible;
pub mod merge;
pub mod order;
pub mod page;
pub mod partial;
pub mod pipeline;
#[cfg(feature = "schema")]
pub mod schema;
pub mod secrecy;
pub mod table;
pub mod words;
