//! Contours of mailles, from a *GeoJSON* that the user drops: no boundary is
//! shipped.
//!
//! A shape is found by its code: the INSEE code of a commune, the code of a QPV.
//! The file is hostile until shown otherwise: its size, the number of its
//! points and of its shapes are bounded, its depth by `serde_json`.
//!
//! ```
//! use ops_mixite::contours::Contours;
//! let text = r#"{"type": "FeatureCollection", "features": [{"type": "Feature",
//!     "properties": {"code": "71153"}, "geometry": {"type": "Polygon",
//!     "coordinates": [[[4.4, 46.8], [4.5, 46.8], [4.4, 46.9], [4.4, 46.8]]]}}]}"#;
//! let contours = Contours::parse(text.as_bytes()).unwrap();
//! assert_eq!(contours.shapes[0].code, "71153");
//! ```

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::words::document as words;
use crate::{json, legible};

/// Largest file read, in bytes.
pub const MAX_BYTES: usize = 24 * 1024 * 1024;
/// Most points in a file.
pub const MAX_POINTS: usize = 300_000;
/// Most shapes in a file.
pub const MAX_SHAPES: usize = 40_000;
/// Beyond, a coordinate is no place on Earth in any projection in metres.
const MAX_COORDINATE: f64 = 1e8;
/// Names under which public files give the code, in small letters.
const CODE_KEYS: [&str; 12] = [
    "code",
    "insee",
    "code_insee",
    "codeinsee",
    "insee_com",
    "com_insee",
    "codgeo",
    "com_code",
    "code_commune",
    "code_qp",
    "code_qpv",
    "codeqp",
];

/// What is wrong with a file of contours.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum ContourError {
    /// Not the JSON expected.
    #[error(
        "Ce fichier n'est pas un GeoJSON lisible : {0}. Exportez les contours en GeoJSON depuis votre logiciel de cartographie."
    )]
    Json(String),
    /// Not a collection of features.
    #[error(
        "Ce fichier est un « {0} » : une collection d'objets (« FeatureCollection ») est attendue."
    )]
    Kind(String),
    /// A geometry that is no surface.
    #[error(
        "Contour n° {rank} : la géométrie « {kind} » n'est pas une surface. Gardez seulement les polygones, puis exportez à nouveau."
    )]
    Geometry {
        /// Its rank, from 1.
        rank: usize,
        /// What it says it is.
        kind: String,
    },
    /// A coordinate that is no place.
    #[error("Contour n° {rank} : une coordonnée ne se lit pas.")]
    Coordinates {
        /// Rank of the shape, from 1.
        rank: usize,
    },
    /// Too much of something.
    #[error(
        "Ce fichier compte plus de {max} {what}. Simplifiez les contours ou gardez ceux du territoire, puis exportez à nouveau."
    )]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        max: usize,
    },
    /// No shape has a code.
    #[error(
        "Aucun contour ne porte de code : chaque objet doit avoir une propriété « code » ou « insee_com » (code INSEE de la commune), ou « code_qp » (code du QPV)."
    )]
    NoCode,
}

/// A point: east, north.
pub type Point = [f64; 2];

/// A surface: its first ring is its edge, the others its holes.
pub type Surface = Vec<Vec<Point>>;

/// The contour of a maille.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// INSEE code, or that of the QPV.
    pub code: String,
    /// Its surfaces.
    pub surfaces: Vec<Surface>,
}

/// The contours of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contours {
    /// In the order of the file.
    pub shapes: Vec<Shape>,
}

impl Contours {
    /// Reads a GeoJSON.
    ///
    /// # Errors
    /// When it is none, holds no surface with a code, or too much.
    pub fn parse(bytes: &[u8]) -> Result<Self, ContourError> {
        if bytes.len() > MAX_BYTES {
            return Err(ContourError::TooMany {
                what: "octets",
                max: MAX_BYTES,
            });
        }
        let file: Collection = json::typed(bytes).map_err(ContourError::Json)?;
        if file.kind != "FeatureCollection" {
            return Err(ContourError::Kind(json::cut(&legible::shown(&file.kind))));
        }
        if file.features.len() > MAX_SHAPES {
            return Err(ContourError::TooMany {
                what: "contours",
                max: MAX_SHAPES,
            });
        }
        let mut points = 0;
        let mut shapes = Vec::new();
        for (at, feature) in file.features.into_iter().enumerate() {
            let (Some(geometry), Some(code)) = (feature.geometry, feature.properties.0) else {
                continue;
            };
            shapes.push(Shape {
                code,
                surfaces: surfaces(geometry, at + 1, &mut points)?,
            });
        }
        if shapes.is_empty() {
            return Err(ContourError::NoCode);
        }
        Ok(Self { shapes })
    }
}

fn surfaces(
    geometry: Geometry,
    rank: usize,
    points: &mut usize,
) -> Result<Vec<Surface>, ContourError> {
    let wrong = || ContourError::Coordinates { rank };
    let list = match geometry.kind.as_str() {
        "Polygon" => vec![geometry.coordinates],
        "MultiPolygon" => geometry.coordinates.list().ok_or_else(wrong)?,
        _ => {
            return Err(ContourError::Geometry {
                rank,
                kind: legible::shown(&geometry.kind).into_owned(),
            });
        }
    };
    let mut ring = |nest: Nest| {
        let ring: Vec<Point> = nest
            .list()
            .ok_or_else(wrong)?
            .into_iter()
            .map(|point| point.place().ok_or_else(wrong))
            .collect::<Result<_, _>>()?;
        *points += ring.len();
        if *points > MAX_POINTS {
            return Err(ContourError::TooMany {
                what: "points",
                max: MAX_POINTS,
            });
        }
        Ok(ring)
    };
    list.into_iter()
        .map(|surface| {
            let rings = surface.list().ok_or_else(wrong)?;
            rings.into_iter().map(&mut ring).collect()
        })
        .collect()
}

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    properties: Code,
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Nest,
}

/// The code among the properties, of which nothing else is kept.
#[derive(Default)]
struct Code(Option<String>);

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Found;
        impl<'de> Visitor<'de> for Found {
            type Value = Code;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(words::PROPERTIES)
            }
            fn visit_unit<E: de::Error>(self) -> Result<Code, E> {
                Ok(Code(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Code, A::Error> {
                // Two names may be there: the first of the list wins.
                let mut best: Option<(usize, String)> = None;
                while let Some(key) = map.next_key::<String>()? {
                    let key = key.to_lowercase();
                    let Some(rank) = CODE_KEYS.iter().position(|known| *known == key) else {
                        map.next_value::<de::IgnoredAny>()?;
                        continue;
                    };
                    let code = match map.next_value::<serde_json::Value>()? {
                        serde_json::Value::String(text) => {
                            legible::stripped(text.trim()).into_owned()
                        }
                        // A spreadsheet may have taken the code for a number.
                        serde_json::Value::Number(number) => format!("{:0>5}", number.to_string()),
                        _ => continue,
                    };
                    if best.as_ref().is_none_or(|(other, _)| rank < *other) {
                        best = Some((rank, code));
                    }
                }
                Ok(Code(best.map(|(_, code)| code)))
            }
        }
        deserializer.deserialize_any(Found)
    }
}

/// Nested arrays of numbers, as deep as the reader of JSON allows.
enum Nest {
    Number(f64),
    Place(Point),
    List(Vec<Nest>),
}

impl Default for Nest {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Nest {
    fn list(self) -> Option<Vec<Self>> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    fn place(self) -> Option<Point> {
        match self {
            Self::Place(point) => {
                let sound = |value: &f64| value.is_finite() && value.abs() <= MAX_COORDINATE;
                point.iter().all(sound).then_some(point)
            }
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Nest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Nested;
        impl<'de> Visitor<'de> for Nested {
            type Value = Nest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(words::COORDINATES)
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Nest, E> {
                Ok(Nest::Number(value))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Nest, E> {
                Ok(Nest::Number(value as f64))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Nest, E> {
                Ok(Nest::Number(value as f64))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Nest, A::Error> {
                let first = match seq.next_element::<Nest>()? {
                    None => return Ok(Nest::default()),
                    Some(Nest::Number(east)) => {
                        let north = match seq.next_element::<Nest>()? {
                            Some(Nest::Number(north)) => north,
                            _ => return Err(de::Error::custom(words::POINT)),
                        };
                        // An altitude may follow.
                        while seq.next_element::<de::IgnoredAny>()?.is_some() {}
                        return Ok(Nest::Place([east, north]));
                    }
                    Some(first) => first,
                };
                let mut list = vec![first];
                while let Some(next) = seq.next_element()? {
                    list.push(next);
                }
                Ok(Nest::List(list))
            }
        }
        deserializer.deserialize_any(Nested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collection(features: &str) -> String {
        format!("{{\"type\": \"FeatureCollection\", \"features\": [{features}]}}")
    }

    fn feature(properties: &str, kind: &str, coordinates: &str) -> String {
        format!(
            "{{\"type\": \"Feature\", \"properties\": {properties}, \"geometry\": {{\"coordinates\": {coordinates}, \"type\": \"{kind}\"}}}}"
        )
    }

    fn parse(text: &str) -> Result<Contours, ContourError> {
        Contours::parse(text.as_bytes())
    }

    const SQUARE: &str = "[[[0,0],[1,0,250.5],[1,1],[0,0]]]";

    #[test]
    fn surfaces_are_found_by_their_code_under_its_usual_names() {
        let many = format!("[{SQUARE},{SQUARE}]");
        let text = collection(&[
            feature("{\"nom\": \"x\", \"INSEE_COM\": \"71153\"}", "Polygon", SQUARE),
            feature("{\"code_insee\": 1004, \"code\": null}", "MultiPolygon", &many),
            feature("null", "Polygon", SQUARE),
            "{\"type\": \"Feature\", \"properties\": {\"code\": \"71999\"}, \"geometry\": null}".to_owned(),
        ].join(","));
        let found = parse(&text).unwrap().shapes;
        let codes: Vec<(&str, usize)> = found
            .iter()
            .map(|shape| (shape.code.as_str(), shape.surfaces.len()))
            .collect();
        assert_eq!(codes, [("71153", 1), ("01004", 2)]);
        assert_eq!(found[0].surfaces[0][0][1], [1.0, 0.0]);
    }

    #[test]
    fn what_is_no_file_of_contours_is_refused_with_its_reason() {
        assert!(matches!(parse("pas du json"), Err(ContourError::Json(_))));
        assert!(matches!(
            parse("{\"type\": \"Topology\"}"),
            Err(ContourError::Kind(_))
        ));
        assert_eq!(parse(&collection("")), Err(ContourError::NoCode));
        let unnamed = collection(&feature("{\"nom\": \"x\"}", "Polygon", SQUARE));
        assert_eq!(parse(&unnamed), Err(ContourError::NoCode));
        let code = "{\"code\": \"71153\"}";
        let point = collection(&feature(code, "Point", "[0,1]"));
        assert!(matches!(
            parse(&point),
            Err(ContourError::Geometry { rank: 1, .. })
        ));
        for wrong in ["[[0,0]]", "[[[[0,0]]]]", "3", "[[[1e300,0]]]"] {
            let text = collection(&feature(code, "Polygon", wrong));
            assert_eq!(
                parse(&text),
                Err(ContourError::Coordinates { rank: 1 }),
                "{wrong}"
            );
        }
        assert!(matches!(
            parse(&collection(&feature(code, "Polygon", "[[[1]]]"))),
            Err(ContourError::Json(_))
        ));
    }

    #[test]
    fn a_hostile_file_is_stopped_by_its_bounds() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let text = collection(&feature("{\"code\": \"1\"}", "Polygon", &deep));
        assert!(matches!(parse(&text), Err(ContourError::Json(_))));
        let ring = vec!["[0,0]"; 300_001].join(",");
        let text = collection(&feature(
            "{\"code\": \"1\"}",
            "Polygon",
            &format!("[[{ring}]]"),
        ));
        assert!(matches!(
            parse(&text),
            Err(ContourError::TooMany {
                what: "points",
                max: 300_000,
                ..
            })
        ));
        let shapes = vec!["{\"geometry\": null}"; 40_001].join(",");
        assert!(matches!(
            parse(&collection(&shapes)),
            Err(ContourError::TooMany {
                what: "contours",
                max: 40_000,
                ..
            })
        ));
        assert!(matches!(
            Contours::parse(&vec![0; 25_165_825]),
            Err(ContourError::TooMany {
                what: "octets",
                max: 25_165_824,
                ..
            })
        ));
    }
}
