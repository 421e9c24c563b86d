//! Several statements in one go, with one Sync: outside a transaction they are one of their own.

use aludel_core::Result;
use aludel_engine::driver::{Call, Outcome, Pipeline, Reply};

use crate::answer::{Answer, End};
use crate::connection::PostgresConnection;
use crate::prepare::{Place, write_bind};
use crate::request;
use crate::run::stale;
use crate::statement::Described;

/// The statements of a pipeline, as they were sent.
type Sent = Vec<(Place, Described)>;

impl Pipeline for PostgresConnection {
    fn run_all<'a>(&'a mut self, mut calls: Vec<Call<'a>>) -> Reply<'a, Vec<Outcome>> {
        let face = self.channel.face();
        match self.write_all(&mut calls) {
            Ok(sent) => Reply::on(face, self.read_all(calls, sent)),
            Err(error) => Reply::now(Err(error)),
        }
    }
}

impl PostgresConnection {
    /// Writes all requests. None where a value can't be written before its type is known: then they are run one by one.
    fn write_all(&mut self, calls: &mut [Call<'_>]) -> Result<Option<Sent>> {
        let start = self.channel.wire.out().len();
        let mut sent = Vec::with_capacity(calls.len());
        let written = self.write_each(calls, &mut sent);
        match written {
            Ok(true) => {
                self.commit_request();
                Ok(Some(sent))
            }
            other => {
                self.channel.wire.truncate_out(start);
                for (place, _) in sent.iter().filter(|(place, _)| place.is_new) {
                    self.statements.release(place.slot, place.name.number);
                }
                other.map(|_| None)
            }
        }
    }

    fn write_each(&mut self, calls: &mut [Call<'_>], sent: &mut Sent) -> Result<bool> {
        for call in calls {
            let (place, described) = self.place(call.compiled, *call.slot, call.keep)?;
            *call.slot = place.slot;
            self.channel.state.may_begin = true;
            let params = (!place.is_new).then(|| described.params.clone());
            sent.push((place, described));
            if !write_bind(&mut self.channel, place.name, call.compiled, params.as_deref(), call.arguments)? {
                return Ok(false);
            }
            if place.is_unnamed && !place.is_new {
                request::describe_portal(self.channel.wire.out());
            }
            request::execute(0, self.channel.wire.out());
        }
        Ok(true)
    }

    async fn read_all(&mut self, calls: Vec<Call<'_>>, sent: Option<Sent>) -> Result<Vec<Outcome>> {
        let mut outcomes = Vec::with_capacity(calls.len());
        let Some(sent) = sent else {
            for mut call in calls {
                call.limit = usize::MAX;
                let sent = self.write_run(&mut call)?;
                outcomes.push(self.read_run(call, sent).await?);
            }
            return Ok(outcomes);
        };
        self.channel.flush().await?;
        let settings = std::sync::Arc::clone(&self.settings);
        let mut held = Vec::new();
        for (call, (place, described)) in calls.into_iter().zip(sent) {
            let number = call.compiled.number;
            let mut answer = Answer::new(call.compiled, call.sink, described.columns, &settings.registry);
            answer.times = call.times;
            answer.ends_at_complete = true;
            let end = answer.read(&mut self.channel).await?;
            self.keep_resolved(place, answer.described.take(), answer.is_parsed);
            outcomes.push(answer.outcome);
            if end != End::Complete {
                let is_stale = answer.is_stale && !place.is_new;
                if is_stale {
                    self.statements.forget(number);
                }
                return match answer.finish() {
                    Err(error) if is_stale => Err(stale(&error)),
                    Err(error) => Err(error),
                    // What has no answer of its own: an empty statement.
                    Ok(_) => Err(self.channel.lose(crate::message::garbled("a pipeline has an answer too few"))),
                };
            }
            if answer.holds_rows() {
                held.push((outcomes.len() - 1, answer));
            } else {
                answer.finish()?;
            }
        }
        // A commit of its own may fail at the end.
        if let Some(error) = self.channel.drain(0).await? {
            return Err(error);
        }
        for (index, mut answer) in held {
            answer.hand_over_held(&mut self.channel).await?;
            if let Some(outcome) = outcomes.get_mut(index) {
                *outcome = answer.outcome;
            }
            answer.finish()?;
        }
        Ok(outcomes)
    }
}
