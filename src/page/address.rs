//! The state of the collectivité's screen in the address:
//! `#collectivite?indicateur=mono&maille=commune&vue=ecarts`. It names what is
//! chosen and holds no figure, no name of a place and no file.

use crate::chart::View;
use crate::indicator::shares::share;
use crate::table::Level;

/// Name of the screen in addresses.
pub const SCREEN: &str = "collectivite";

/// What is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The `cle` of an indicator.
    pub indicator: &'static str,
    /// The level.
    pub level: Level,
    /// The view.
    pub view: View,
}

/// What an address asks for: any part may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The `cle` of an indicator.
    pub indicator: Option<&'static str>,
    /// The level.
    pub level: Option<Level>,
    /// The view.
    pub view: Option<View>,
}

/// The levels that an address may name.
const LEVELS: [Level; 6] = [
    Level::Commune,
    Level::Secteur,
    Level::Programme,
    Level::Regroupement,
    Level::QpvSituation,
    Level::Qpv,
];

/// The level of this name.
pub fn level(id: &str) -> Option<Level> {
    LEVELS.into_iter().find(|level| level.id() == id)
}

/// The view of this name.
pub fn view(id: &str) -> Option<View> {
    View::ALL.into_iter().find(|view| view.id() == id)
}

impl Choice {
    /// The address, without its `#`.
    pub fn address(&self) -> String {
        format!(
            "{SCREEN}?indicateur={}&maille={}&vue={}",
            self.indicator,
            self.level.id(),
            self.view.id()
        )
    }
}

/// Reads an address; what it does not know is left out.
pub fn parse(hash: &str) -> Asked {
    let mut asked = Asked::default();
    let hash = hash.trim_start_matches('#');
    let Some((SCREEN, query)) = hash.split_once('?') else {
        return asked;
    };
    for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match key {
            "indicateur" => asked.indicator = share(value).map(|share| share.key),
            "maille" => asked.level = level(value),
            "vue" => asked.view = view(value),
            _ => {}
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_was_chosen_and_nothing_else() {
        for indicator in crate::indicator::shares::SHARES {
            for level in LEVELS {
                for view in View::ALL {
                    let choice = Choice {
                        indicator: indicator.key,
                        level,
                        view,
                    };
                    let asked = Asked {
                        indicator: Some(indicator.key),
                        level: Some(level),
                        view: Some(view),
                    };
                    assert_eq!(parse(&choice.address()), asked);
                    assert_eq!(parse(&format!("#{}", choice.address())), asked);
                }
            }
        }
    }

    #[test]
    fn what_an_address_cannot_ask_is_left_out() {
        for hash in [
            "",
            "#bailleur?indicateur=mono",
            "#collectivite",
            "#collectivite?indicateur=<script>&maille=epci&vue=",
            "#collectivite?&&=&indicateur",
        ] {
            assert_eq!(parse(hash), Asked::default(), "{hash}");
        }
        let half = parse("#collectivite?x=1&indicateur=apl");
        assert_eq!((half.indicator, half.level), (Some("apl"), None));
    }
}
