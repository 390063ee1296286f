"use client";

import { OUTCOME_LABELS } from "#lib/model/outcome.ts";
import type { PublicEpisode } from "#lib/public/types.ts";
import { Moment, Since } from "#components/ui/time.tsx";

import { CodeMark, gatewayCode } from "./code-mark.tsx";
import { formatExactDuration, plural } from "./format.ts";
import { CAUSE_WORDS, FAULT_WORDS } from "./words.ts";

interface EpisodesProps {
  /** Newest first. */
  readonly episodes: readonly PublicEpisode[];
  /** False where all are of one component. */
  readonly named?: boolean;
}

/** Episodes of failure: what, when, how long, how many checks, who answered and why. */
export function EpisodeList({ episodes, named = true }: EpisodesProps) {
  return (
    <ol className="episodes">
      {episodes.map((episode) => (
        <Episode key={episode.id} episode={episode} named={named} />
      ))}
    </ol>
  );
}

function Episode({ episode, named }: { episode: PublicEpisode; named: boolean }) {
  const code = gatewayCode(episode.outcome);
  const reason = reasonOf(episode);
  return (
    <li className="episode">
      {code === null ? <span /> : <CodeMark code={code} />}
      <p className="episode-what">
        <b>{OUTCOME_LABELS[episode.outcome]}</b>
        {named ? <span> {episode.component}</span> : null}
      </p>
      <p className="episode-when">
        <Moment at={episode.startedAt} always="date" />
        <b>
          {episode.endedAt === null ? (
            <>
              open for <Since at={episode.startedAt} />
            </>
          ) : (
            formatExactDuration(Date.parse(episode.endedAt) - Date.parse(episode.startedAt))
          )}
        </b>
      </p>
      <p className="episode-facts">
        {plural(episode.failures, "failed check")}
        {episode.gateway === null ? " · gateway not recognised" : ` · answered by ${episode.gateway}`}
        {episode.regions.length > 1 ? ` · seen from ${plural(episode.regions.length, "region")}` : ""}
        {reason === null ? null : <span className="episode-why">{reason}</span>}
      </p>
    </li>
  );
}

/** What is known of the reason: the cause with its sentence, otherwise the kind of fault. */
function reasonOf(episode: PublicEpisode): string | null {
  if (episode.cause !== null && episode.cause.kind !== "unknown") {
    return `${CAUSE_WORDS[episode.cause.kind]}: ${episode.cause.summary}`;
  }
  if (episode.kind === null) return null;
  const words = FAULT_WORDS[episode.kind];
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
