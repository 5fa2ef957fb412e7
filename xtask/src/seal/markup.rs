//! Just enough HTML to audit a page we wrote ourselves: its scripts and style
//! sheets, whole, and the markup between them.

/// A `<script>` or a `<style>`.
pub(crate) struct Raw<'a> {
    /// `script` or `style`.
    pub(crate) name: &'static str,
    /// What stands in the opening tag after the name.
    pub(crate) attributes: &'a str,
    /// Its exact content.
    pub(crate) content: &'a str,
}

impl Raw<'_> {
    /// Whether a browser would run it, or hand it to the style engine.
    pub(crate) fn is_active(&self) -> bool {
        self.name == "style" || !self.attributes.contains("type=")
    }

    /// The value of an attribute written `name="value"`.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.attributes.split_once(&format!(" {name}=\""))?;
        Some(rest.split_once('"')?.0)
    }
}

/// A page, taken apart.
pub(crate) struct Document<'a> {
    /// Scripts and style sheets, in order.
    pub(crate) raw: Vec<Raw<'a>>,
    /// The rest, with their contents and the comments left out.
    pub(crate) markup: String,
}

impl<'a> Document<'a> {
    /// The script or style sheet of this identifier.
    pub(crate) fn block(&self, id: &str) -> Option<&Raw<'a>> {
        self.raw.iter().find(|raw| raw.attribute("id") == Some(id))
    }

    /// Takes a page apart. An element or a comment that never closes runs to
    /// the end, as in a browser.
    pub(crate) fn read(page: &'a str) -> Self {
        let mut document = Self {
            raw: Vec::new(),
            markup: String::new(),
        };
        let mut rest = page;
        while let Some(at) = rest.find('<') {
            let (before, tag) = rest.split_at(at);
            document.markup.push_str(before);
            if let Some(comment) = tag.strip_prefix("<!--") {
                rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            } else if let Some(name) = ["script", "style"]
                .into_iter()
                .find(|name| opens(tag, name))
            {
                let (opening, inside) = tag.split_once('>').unwrap_or((tag, ""));
                let closing = format!("</{name}");
                let length = find_ignoring_case(inside, &closing).unwrap_or(inside.len());
                let (content, after) = inside.split_at(length);
                document.raw.push(Raw {
                    name,
                    attributes: &opening[name.len() + 1..],
                    content,
                });
                document.markup.push_str(opening);
                document.markup.push('>');
                rest = after;
            } else {
                document.markup.push('<');
                rest = &tag[1..];
            }
        }
        document.markup.push_str(rest);
        document
    }

    /// The contents of every element of this name.
    pub(crate) fn contents_of(&self, name: &str) -> Vec<&'a str> {
        self.raw
            .iter()
            .filter(|raw| raw.name == name)
            .map(|raw| raw.content)
            .collect()
    }
}

fn opens(tag: &str, name: &str) -> bool {
    let bytes = tag.as_bytes();
    bytes.len() > name.len() + 1
        && bytes[1..=name.len()].eq_ignore_ascii_case(name.as_bytes())
        && !bytes[name.len() + 1].is_ascii_alphanumeric()
}

fn find_ignoring_case(text: &str, pattern: &str) -> Option<usize> {
    text.as_bytes()
        .windows(pattern.len())
        .position(|window| window.eq_ignore_ascii_case(pattern.as_bytes()))
}
