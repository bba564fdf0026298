//! `ubugoe-ward load`: many bridges and viewers, one JSON object.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::stop::Stop;
use ward::load::{self, LoadPlan, LoadReport, Target, enroll_all};
use ward::region::{self, Binaries, Invitation, Process, Server, WatchFolder, output_of};
use ward::viewer::Login;

/// Load a region with many bridges and viewers, and print what it cost.
#[derive(Args, Debug)]
pub struct LoadArguments {
    /// Bridges, each with a connection and a certificate of its own.
    #[arg(long, default_value_t = 100)]
    bridges: usize,
    /// Monitors on each bridge; each makes one block a second.
    #[arg(long, default_value_t = 1)]
    monitors: usize,
    /// Walls that watch everything.
    #[arg(long, default_value_t = 3)]
    viewers: usize,
    /// Length of the measured part, after all are connected.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// New connections a second while the load builds up.
    #[arg(long, default_value_t = 50)]
    connect_rate: u32,
    /// Run the real analysis beside the server, and let the monitors play labours.
    #[arg(long, conflicts_with = "server")]
    analysis: bool,
    /// Print one JSON object instead of lines.
    #[arg(long)]
    json: bool,
    /// A running server's address for bridges; without it a server is started in a folder of
    /// its own and removed again.
    #[arg(long, requires = "tokens")]
    server: Option<String>,
    /// Invitations for the bridges, as `ubugoe-server bridge invite --json` prints them.
    #[arg(long)]
    tokens: Option<PathBuf>,
    /// The running server's web address, for viewers.
    #[arg(long, requires_all = ["server", "user"])]
    web: Option<String>,
    /// Account for the viewers; the password is read from UBUGOE_PASSWORD.
    #[arg(long)]
    user: Option<String>,
    /// The running server's process id, where its cost is wanted.
    #[arg(long)]
    server_pid: Option<u32>,
}

/// Runs the load and prints the report.
///
/// # Errors
///
/// Where the server does not come up, an enrolment fails or no bridge gets through.
pub async fn run(arguments: LoadArguments) -> anyhow::Result<()> {
    let binaries = Binaries::beside_this_one()?;
    let folder = tempfile::tempdir().context("a folder for the load")?;
    let plan = LoadPlan {
        bridges: arguments.bridges,
        monitors: arguments.monitors,
        viewers: arguments.viewers,
        measured: Duration::from_secs(arguments.seconds),
        connects_per_second: arguments.connect_rate,
    };
    let mut stop = Stop::listen()?;
    let working = async {
        match &arguments.server {
            Some(server) => against_running(&binaries, &arguments, plan, server, &folder).await,
            None => against_own(&binaries, plan, arguments.analysis, &folder).await,
        }
    };
    // What was started ends with the work that holds it.
    let report = tokio::select! {
        report = working => report?,
        () = stop.asked() => bail!("asked to stop before the load was over"),
    };
    if arguments.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print_lines(&report)?;
    }
    ensure!(report.lost == 0, "{} blocks were not acknowledged", report.lost);
    Ok(())
}

async fn against_own(
    binaries: &Binaries,
    plan: LoadPlan,
    with_analysis: bool,
    folder: &tempfile::TempDir,
) -> anyhow::Result<LoadReport> {
    let data = folder.path().join("server");
    let server = Server::start(binaries, &data, "127.0.0.1:0", "127.0.0.1:0")?;
    let password = "many at the same time";
    region::add_user(binaries, &data, "load", password)?;
    let names: Vec<_> = (0..plan.bridges).map(|n| format!("load-{n}")).collect();
    let mut invitations = Vec::new();
    for names in names.chunks(500) {
        let tokens = region::invite(binaries, &data, names)?;
        invitations.extend(names.iter().cloned().zip(tokens));
    }
    let identities = enrolled(binaries, &server.bridges.to_string(), folder, &invitations)?;
    let login = Login::at(&server.web, "load", password).await?;
    let analysis = if with_analysis {
        let analysis = WatchFolder::write(&folder.path().join("analysis"), server.bridges)?;
        analysis.enroll(binaries, &server, "analysis-1")?;
        Some(analysis.start(binaries)?)
    } else {
        None
    };
    let target = Target {
        bridges: server.bridges,
        login: Some(login),
        identities,
        server_pid: Some(server.process.id()),
        analysis_pid: analysis.as_ref().map(Process::id),
    };
    let mut report = load::run(plan, target).await?;
    if let Some(analysis) = analysis {
        analysis.stop()?;
        let log = std::fs::read_to_string(folder.path().join("analysis/watch.log"))?;
        report.note_missed(log.matches("blocks were missed").count());
    }
    server.process.stop()?;
    let (blocks, different) = stored(binaries, &data)?;
    report.compare_with_store(blocks, different);
    Ok(report)
}

async fn against_running(
    binaries: &Binaries,
    arguments: &LoadArguments,
    plan: LoadPlan,
    server: &str,
    folder: &tempfile::TempDir,
) -> anyhow::Result<LoadReport> {
    let path = arguments.tokens.as_ref().context("--server needs --tokens")?;
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("reading the invitations in {}", path.display()))?;
    let invitations: Vec<Invitation> = serde_json::from_str(&text)
        .with_context(|| format!("{}: not as `bridge invite --json` prints it", path.display()))?;
    let invitations: Vec<_> =
        invitations.into_iter().map(|invitation| (invitation.bridge, invitation.token)).collect();
    ensure!(
        invitations.len() >= plan.bridges,
        "{} holds {} invitations; {} bridges need one each",
        path.display(),
        invitations.len(),
        plan.bridges
    );
    let identities = enrolled(binaries, server, folder, &invitations[..plan.bridges])?;
    let login = match (&arguments.web, &arguments.user) {
        (Some(web), Some(user)) => {
            let password = std::env::var("UBUGOE_PASSWORD").context("UBUGOE_PASSWORD")?;
            Some(Login::at(web, user, &password).await?)
        }
        _ => None,
    };
    let address = tokio::net::lookup_host(server)
        .await
        .with_context(|| format!("looking up {server}"))?
        .next()
        .with_context(|| format!("{server} has no address"))?;
    let server_pid = arguments.server_pid;
    let target = Target { bridges: address, login, identities, server_pid, analysis_pid: None };
    load::run(plan, target).await
}

fn enrolled(
    binaries: &Binaries,
    server: &str,
    folder: &tempfile::TempDir,
    invitations: &[(String, String)],
) -> anyhow::Result<Vec<load::Identity>> {
    let progress = ProgressBar::new(invitations.len() as u64)
        .with_style(ProgressStyle::with_template("enrolling {bar:30} {pos}/{len} {eta}")?);
    let identities =
        enroll_all(binaries, server, &folder.path().join("bridges"), invitations, &|| {
            progress.inc(1);
        })?;
    progress.finish_and_clear();
    Ok(identities)
}

/// Asks the store how many blocks it holds, and how many different ones.
fn stored(binaries: &Binaries, data: &std::path::Path) -> anyhow::Result<(u64, u64)> {
    const QUESTION: &str = "SELECT count(*) AS blocks, \
        count(DISTINCT concat(device, '/', epoch, '/', seq)) AS different FROM blocks";
    let mut command = Command::new(&binaries.outcome);
    command.args(["sql", QUESTION, "--format", "json", "--data"]).arg(data);
    let text = output_of(&mut command, b"")?;
    let row: serde_json::Value = serde_json::from_str(text.trim())?;
    let field = |name: &str| row[name].as_u64().with_context(|| format!("no {name} in {row}"));
    Ok((field("blocks")?, field("different")?))
}

fn print_lines(report: &LoadReport) -> anyhow::Result<()> {
    let value = serde_json::to_value(report)?;
    for (name, value) in value.as_object().context("a report is an object")? {
        println!("{name:22} {value}");
    }
    if report.generator_limited {
        println!(
            "the load generator itself was late; the latencies say more of it than of the server"
        );
    }
    Ok(())
}
