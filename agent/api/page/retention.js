// What a retention policy would let go of the files that are there: the rules of spchain/src/covers.cpp, lifetimes.cpp and
// policy.cpp, against which tests/browser holds them. What is slow (which consolidation covers which file) is done once for a
// chain; moving a slider costs one pass. When points would end is foreseen by the agent, which knows its calendar. Pure.
import {broken, place} from './graph.js';

const ranks = {incremental: 0, daily: 1, weekly: 2, monthly: 3, rolling: 4};
const dayLength = 86_400_000;

// A point as one number that ascends as points do.
function order(text) {
    const [differential, incremental] = place(text) ?? [0, 0];
    return differential * 2 ** 32 + incremental;
}

// The earliest written image among those whose tail is at most so far: a Fenwick tree over the tails.
class Earliest {
    constructor(images, tails) {
        this.images = images;
        this.best = new Int32Array(tails + 1).fill(-1);
    }

    earlier(a, b) { return a < 0 || b < 0 ? Math.max(a, b) : this.images[b].time < this.images[a].time ? b : a; }
    add(tail, image) { for (let at = tail + 1; at < this.best.length; at += at & -at) this.best[at] = this.earlier(this.best[at], image); }
    upTo(tails) {
        let found = -1;
        for (let at = tails; at > 0; at -= at & -at) found = this.earlier(found, this.best[at]);
        return found;
    }
}

// Per image the earliest written consolidation of a higher level that begins no later and ends no earlier; -1: none. A rolling
// is covered by one that ends later.
export function covers(graph) {
    const {images} = graph, tailOf = Float64Array.from(images, (image) => order(image.tail ?? image.head));
    const covering = images.map((image) => (ranks[image.kind] ?? 0) > 0 && image.state !== 'settling' && Number.isFinite(image.time));
    const tails = [...new Set(images.filter((image) => covering[image.at]).map((image) => tailOf[image.at]))].sort((a, b) => a - b);
    const below = (value) => {  // how many tails are less
        let low = 0, high = tails.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (tails[middle] < value) low = middle + 1;
            else high = middle;
        }
        return low;
    };
    const byRank = Array.from({length: 5}, () => new Earliest(images, tails.length));
    const result = new Int32Array(images.length).fill(-1);
    for (let end = images.length; end > 0;) {
        let first = end;
        while (first > 0 && graph.head[first - 1] === graph.head[end - 1]) --first;
        const add = (rollings) => {
            for (let k = first; k < end; ++k) {
                if (!covering[k]) continue;
                const rank = ranks[images[k].kind];
                for (let lower = rollings ? 4 : 0; lower < (rollings ? rank + 1 : rank); ++lower) byRank[lower].add(below(tailOf[k]), k);
            }
        };
        add(false);
        for (let k = first; k < end; ++k) {
            const rank = ranks[images[k].kind];
            if (rank !== undefined && images[k].state !== 'settling') result[k] = byRank[rank].upTo(below(tailOf[k] + 0.5));
        }
        add(true);
        end = first;
    }
    return result;
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
