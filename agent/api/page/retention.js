// What a retention policy would let go of the files that are there: the rules of spchain/src/covers.cpp, lifetimes.cpp and
// policy.cpp, against which tests/browser holds them. What is slow (which consolidation covers which file) is done once for a
// chain; moving a slider costs one pass. When points would end is foreseen by the agent, which knows its calendar. Pure.
import {broken, place, comparePlaces} from './graph.js';

const ranks = {incremental: 0, daily: 1, weekly: 2, monthly: 3, rolling: 4};
const dayLength = 86_400_000;

// Per image the earliest written consolidation of a higher level that begins no later and ends no earlier; -1: none.
export function covers(graph) {
    const places = graph.images.map((image) => ({tail: place(image.tail ?? image.head), head: place(image.head)}));
    const covering = graph.images.filter((image) => (ranks[image.kind] ?? 0) > 0 && image.state !== 'settling' && Number.isFinite(image.time));
    return graph.images.map((image) => {
        const rank = ranks[image.kind];
        if (rank === undefined || image.state === 'settling') return -1;
        let best = -1;
        for (const other of covering) {
            const ends = comparePlaces(places[other.at].head, places[image.at].head);
            const higher = ranks[other.kind] > rank || (rank === 4 && ranks[other.kind] === 4 && ends > 0);
            if (!higher || ends < 0 || comparePlaces(places[other.at].tail, places[image.at].tail) > 0) continue;
            if (best < 0 || other.time < graph.images[best].time) best = other.at;
        }
        return best;
    });
}

function monthsLater(time, months) {
    const date = new Date(time);
    const then = new Date(time);
    then.setUTCDate(1);
    then.setUTCMonth(then.getUTCMonth() + months);
    const last = new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + 1, 0)).getUTCDate();
    then.setUTCDate(Math.min(date.getUTCDate(), last));
    return then.getTime();
}

// From when on the policy lets a file go; NaN: it does not.
function due(graph, image, cover, policy) {
    if (cover < 0) return NaN;
    const kept = {incremental: policy.intra_daily_days, daily: policy.daily_days, weekly: policy.weekly_days, monthly: policy.monthly_months}[image.kind];
    if (kept === 0) return NaN;
    const covered = graph.images[cover].time;
    if (image.kind === 'rolling') return covered;
    if (image.kind !== 'monthly') return covered + kept * dayLength;
    return Number.isFinite(image.time) ? Math.max(covered, monthsLater(image.time, kept)) : covered;
}

// A file that stays needs its tail; where only files that are due lead there, the best of them stays.
function keepNeeded(graph, goes) {
    const known = graph.now, needed = new Uint8Array(graph.size);
    const leads = (k) => graph.tail[k] >= 0 && known[graph.tail[k]] !== broken;
    const worth = (k) => Math.min(graph.strength[k], known[graph.tail[k]]);
    for (let last = graph.head.length - 1; last >= 0;) {
        let first = last;
        while (first > 0 && graph.head[first - 1] === graph.head[last]) --first;
        let supported = false, best = -1;
        for (let k = first; k <= last; ++k) {
            if (!leads(k)) continue;
            if (!goes[k]) supported ||= graph.images[k].state !== 'settling';
            else if (best < 0 || worth(k) > worth(best) || (worth(k) === worth(best) && graph.bytes[k] < graph.bytes[best])) best = k;
        }
        if (needed[graph.head[last]] && !supported && best >= 0) goes[best] = 0;
        for (let k = first; k <= last; ++k) if (!goes[k] && leads(k)) needed[graph.tail[k]] = 1;
        last = first - 1;
    }
}

// `policy`: {intra_daily_days, daily_days, weekly_days, monthly_months}, 0: kept for ever. Flags, one per image, of what would go.
export function wouldGo(graph, covered, policy, now) {
    const goes = new Uint8Array(graph.images.length);
    for (const image of graph.images) {
        if (image.state !== 'settling' && due(graph, image, covered[image.at], policy) <= now) goes[image.at] = 1;
    }
    keepNeeded(graph, goes);
    return goes;
}
