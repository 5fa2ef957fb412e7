//! `cargo xtask`: sets the machine up, builds and seals the page, serves it,
//! checks and tests everything. Speaks French, like the rest of the project's
//! user-visible text.

mod bench;
mod build;
mod check;
mod fuzz;
mod headers;
mod process;
mod project;
mod release;
mod screenshots;
mod seal;
mod serve;
mod setup;
mod test;
mod verify;

use std::process::ExitCode;

const USAGE: &str = "\
Utilisation : cargo xtask COMMANDE

  serve [--port N]                    installe ce qui manque, construit la page et la sert (port 8080)
  test [--sans-navigateur] [FILTRE]   installe ce qui manque, puis tests natifs, exports, contrôles et navigateurs
  build                               construit et scelle la page : dist/index.html
  check [--page]                      mise en forme, clippy, documentation, dépendances, page scellée (ou elle seule)
  verify FICHIER                      reconstruit la page à part et compare les empreintes
  fuzz [N]                            N fichiers modifiés par lecteur (20 000), en mémoire, à graines fixes
  bench [LIGNES…]                     mesure la page dans Chromium : rapports à SheetJS et à la décompression
  bench fusion                        mesure en WebAssembly la fusion de nombreux agrégats
  bench secret                        mesure en WebAssembly la protection et l’attaque d’un bailleur
  bench communes                      mesure l’écran de la collectivité sur une base de 35 000 communes
  screenshots                         refait les images des guides depuis la page
  reproduire [--page]                 construit deux fois, dans deux dossiers et avec deux CARGO_HOME, et
                                      compare les octets (--page : la première est celle de dist/)
  release                             l'archive à remettre : page, ligne de commande, guides, schémas, empreintes
  setup                               installe ce qui manque, sans rien construire
  seal                                scelle ce que trunk vient de construire (appelé par trunk)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nErreur : {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> anyhow::Result<ExitCode> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve"] => serve::command(serve::DEFAULT_PORT),
        ["serve", "--port", port] => match port.parse() {
            Ok(port) => serve::command(port),
            Err(_) => Ok(misused(&format!("« {port} » n'est pas un port."))),
        },
        ["build"] => {
            setup::for_build()?;
            build::page()?;
            Ok(ExitCode::SUCCESS)
        }
        ["fuzz"] => fuzz::command(fuzz::DEFAULT_INPUTS),
        ["fuzz", inputs] => match inputs.parse() {
            Ok(inputs) => fuzz::command(inputs),
            Err(_) => Ok(misused(&format!("« {inputs} » n'est pas un nombre."))),
        },
        ["check"] => check::command(),
        ["check", "--page"] => check::page_command(),
        ["bench", measure @ ("fusion" | "secret")] => bench::wasm(measure),
        ["bench", "communes"] => bench::communes(),
        ["bench", rows @ ..] => match rows.iter().map(|n| n.parse()).collect() {
            Ok(rows) => bench::command(rows),
            Err(_) => Ok(misused("bench attend des nombres de lignes.")),
        },
        ["screenshots"] => screenshots::command(),
        ["release"] => release::command(),
        ["reproduire"] => verify::reproduce(false),
        ["reproduire", "--page"] => verify::reproduce(true),
        ["verify", file] => verify::command(std::path::Path::new(file)),
        ["setup"] => {
            setup::for_build()?;
            setup::for_browser_tests()?;
            setup::for_export_tests()?;
            Ok(ExitCode::SUCCESS)
        }
        ["seal"] => {
            seal::hook()?;
            Ok(ExitCode::SUCCESS)
        }
        ["test", rest @ ..] => match test::Options::parse(rest) {
            Ok(options) => test::command(&options),
            Err(reason) => Ok(misused(&reason)),
        },
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        [] => Ok(misused("Il manque une commande.")),
        [first, ..] => Ok(misused(&format!(
            "Commande inconnue ou mal écrite : « {first} »."
        ))),
    }
}

fn misused(reason: &str) -> ExitCode {
    eprintln!("{reason}\n\n{USAGE}");
    ExitCode::from(2)
}
