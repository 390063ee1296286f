"use client";

import { OUTCOME_LABELS } from "#lib/model/outcome.ts";
import type { PublicEpisode } from "#lib/public/types.ts";
import { Moment, Since } from "#components/ui/time.tsx";

import { CodeMark, gatewayCode } from "./code-mark.tsx";
import { formatExactDuration, formatList, plural } from "./format.ts";
import { CauseLine, Evidence } from "./cause-note.tsx";
import { isNamed } from "./fault-words.ts";
import { FAULT_WORDS, upper } from "./words.ts";

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
  const { cause, kind, regions } = episode;
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
      <div className="episode-facts">
        {plural(episode.failures, "failed check")}
        {` · ${answeredWords(episode)}`}
        {regions.length > 1 ? ` · seen from ${regionWords(regions)}` : ""}
        {kind === null ? null : <span className="episode-why">{upper(FAULT_WORDS[kind])}.</span>}
        {cause === null || !isNamed(cause) ? null : (
          <span className="episode-why">
            <CauseLine cause={cause} />
          </span>
        )}
        {cause === null || !isNamed(cause) ? null : <Evidence cause={cause} />}
      </div>
    </li>
  );
}

function answeredWords({ gateway, answeredBy }: PublicEpisode): string {
  if (gateway === null) return "gateway not recognised";
  if (answeredBy === null) return `answered by ${gateway}`;
  return `answered by ${gateway}, ${answeredBy === "edge" ? "at" : "behind"} the edge`;
}

/** More regions than this are counted instead of listed. */
const LISTED_REGIONS = 3;

function regionWords(regions: readonly string[]): string {
  return regions.length > LISTED_REGIONS ? plural(regions.length, "region") : formatList(regions);
}
