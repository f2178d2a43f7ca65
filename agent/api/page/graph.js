// A chain as the agent gives it (GET /v1/volumes/{id}/chain), as a graph: points are vertices, files are edges. Everything
// is computed anew for each question: of 5,000 files in well under a millisecond. The same rules as spchain/src/graph.cpp and
// paths.cpp, against which tests/browser holds them. Pure.

export const verdicts = ['broken', 'doubtful', 'presumed', 'certain'];
export const broken = 0, doubtful = 1, presumed = 2, certain = 3;

const placeOf = /^b(\d+)(?:-d(\d+))?(?:-i(\d+))?$/;

// [differential, incremental], or null.
export function place(text) {
    const found = text ? placeOf.exec(text) : null;
    return found ? [Number(found[2] ?? 0), Number(found[3] ?? 0)] : null;
}

export class Graph {
    // `chain`: one of the chains of the answer. Vertex 0 stands before the base; the picture's vertices follow.
    constructor(chain) {
        const {picture} = chain, {bars} = picture;
        this.base = chain.base;
        this.picture = picture;
        this.lanes = picture.lanes;
        this.size = picture.vertices.step.length + 1;
        const count = chain.images.length;
        this.images = chain.images.map((image, at) => ({...image, at, lane: bars.lane[at], time: image.written ? Date.parse(image.written) : NaN}));
        this.head = new Int32Array(count);
        this.tail = new Int32Array(count);  // -1: nowhere
        this.strength = Uint8Array.from(bars.strength);
        this.bytes = Float64Array.from(chain.images, (image) => image.bytes);
        for (let k = 0; k < count; ++k) {
            this.head[k] = bars.head[k] + 1;
            this.tail[k] = bars.tail[k] < bars.head[k] ? bars.tail[k] + 1 : -1;
        }
        this.points = chain.points.map((point, at) => ({...point, at, vertex: picture.points[at] + 1, time: point.written ? Date.parse(point.written) : NaN}));
        this.missing = picture.missing.map((file) => ({...file, tail: file.tail + 1, head: file.head + 1}));
        this.byName = new Map(this.images.map((image) => [image.name, image.at]));
        this.byPoint = new Map(this.points.map((point) => [point.point, point.at]));
        this.none = new Uint8Array(count);
        this.now = this.verdicts(this.none);
    }

    // Per vertex, without the files that are marked as lost.
    verdicts(lost) {
        const result = new Uint8Array(this.size);
        result[0] = certain;
        for (let k = 0; k < this.head.length; ++k) {
            if (lost[k] || this.tail[k] < 0) continue;
            const through = Math.min(this.strength[k], result[this.tail[k]]);
            if (through > result[this.head[k]]) result[this.head[k]] = through;
        }
        return result;
    }

    // The files that give a point back, base first: the best verdict, then fewest bytes, then fewest files. Empty: broken.
    restoreSet(vertex, lost = this.none, known = this.now) {
        const least = known[vertex];
        if (least === broken) return [];
        const size = this.size;
        const bytes = new Float64Array(size).fill(Infinity), files = new Int32Array(size), by = new Int32Array(size).fill(-1);
        bytes[0] = 0;
        for (let k = 0; k < this.head.length && this.head[k] <= vertex; ++k) {
            const tail = this.tail[k], head = this.head[k];
            if (lost[k] || tail < 0 || this.strength[k] < least || bytes[tail] === Infinity) continue;
            const sum = bytes[tail] + this.bytes[k];
            if (sum > bytes[head] || (sum === bytes[head] && files[tail] + 1 >= files[head])) continue;
            bytes[head] = sum;
            files[head] = files[tail] + 1;
            by[head] = k;
        }
        const set = [];
        for (let v = vertex; v !== 0; v = this.tail[by[v]]) set.push(by[v]);
        return set.reverse();
    }

    // What losing files would cost: {points, lost, sunk, bytes, stranded, strandedBytes, newest, after}. `points` are indices of
    // those whose verdict would be lower, `lost` how many of them would be broken.
    loss(lost) {
        const after = this.verdicts(lost);
        const result = {points: [], gone: [], lost: 0, sunk: 0, bytes: 0, files: 0, stranded: [], strandedBytes: 0, newest: -1, after};
        for (let k = 0; k < this.head.length; ++k) {
            if (lost[k]) {
                result.bytes += this.bytes[k];
                ++result.files;
            } else if (this.tail[k] >= 0 && this.strength[k] !== broken && this.now[this.tail[k]] !== broken && after[this.tail[k]] === broken) {
                result.stranded.push(k);
                result.strandedBytes += this.bytes[k];
            }
        }
        for (const point of this.points) {
            const then = after[point.vertex], today = this.now[point.vertex];
            if (then !== broken) result.newest = point.at;
            if (then === today) continue;
            result.points.push(point.at);
            if (then === broken) {
                result.gone.push(point.at);
                ++result.lost;
            } else {
                ++result.sunk;
            }
        }
        return result;
    }

    // Points that would be lost if this file were lost besides those that are.
    blast(image, lost = this.none, known = this.now) {
        const also = lost.slice();
        also[image] = 1;
        const after = this.verdicts(also);
        return this.points.filter((point) => known[point.vertex] !== broken && after[point.vertex] === broken).map((point) => point.at);
    }

    // The files that every way to a point passes, ascending: each alone is enough to lose it. Between where such a file
    // begins and where it ends no other file on any way runs.
    critical(vertex, lost = this.none, known = this.now) {
        const wanted = new Uint8Array(this.size), running = new Int32Array(this.size + 1), which = new Float64Array(this.size + 1);
        wanted[vertex] = 1;
        for (let k = this.head.length - 1; k >= 0; --k) {
            const tail = this.tail[k], head = this.head[k];
            if (lost[k] || tail < 0 || !wanted[head] || known[tail] === broken || this.strength[k] === broken) continue;
            wanted[tail] = 1;
            ++running[tail];
            --running[head];
            which[tail] += k;
            which[head] -= k;
        }
        const result = [];
        for (let v = 0, now = 0, sum = 0; v < this.size; ++v) {
            now += running[v];
            sum += which[v];
            if (now === 1 && result[result.length - 1] !== sum) result.push(sum);
        }
        return result;
    }

    // The fewest files that would make a point whole, of those that are marked as lost and those that are missing:
    // [{name, last, count, image or undefined}], ascending. Null: they would not do.
    mend(vertex, lost = this.none) {
        const cost = new Float64Array(this.size).fill(Infinity), by = new Array(this.size).fill(null);
        cost[0] = 0;
        const steps = [
            ...this.images.map((image) => ({tail: this.tail[image.at], head: this.head[image.at], cost: lost[image.at] || image.standing === 'refused' ? 1 : 0, image: image.at, name: image.name, count: 1})),
            ...this.missing.map((file) => ({tail: file.tail, head: file.head, cost: file.count, name: file.name, last: file.last, count: file.count})),
        ].sort((a, b) => a.head - b.head);
        for (const step of steps) {
            if (step.tail < 0 || step.tail >= step.head || (this.strength[step.image] === broken && !step.cost)) continue;
            const sum = cost[step.tail] + step.cost;
            if (sum >= cost[step.head]) continue;
            cost[step.head] = sum;
            by[step.head] = step;
        }
        if (cost[vertex] === Infinity) return null;
        const files = [];
        for (let v = vertex; v !== 0; v = by[v].tail) if (by[v].cost) files.push(by[v]);
        return files.reverse();
    }

    // Which points would be whole with these files beside those that are sound.
    wholeWith(files) {
        const whole = new Uint8Array(this.size);
        whole[0] = 1;
        const usable = this.images.filter((image) => this.strength[image.at] !== broken);
        const steps = [...usable.map((image) => [this.tail[image.at], this.head[image.at]]), ...files.map((file) => [file.tail, file.head])].sort((a, b) => a[1] - b[1]);
        for (const [tail, head] of steps) if (tail >= 0 && whole[tail]) whole[head] = 1;
        return whole;
    }

    // What is to be brought back: sound copies of damaged images, and of what is missing only that which is needed beside them.
    toBring() {
        const damaged = this.images.filter((image) => image.standing === 'refused').map((image) => ({name: image.name, first: image.name, last: image.name, count: 1, tail: this.tail[image.at], head: this.head[image.at]}));
        if (!damaged.length) return this.missing;
        const whole = this.wholeWith(damaged);
        return [...damaged, ...this.missing.filter((file) => !whole[file.head])];
    }

    // Points that are broken now and would not be if all that came back.
    waiting() {
        const whole = this.wholeWith(this.toBring());
        return this.points.filter((point) => this.now[point.vertex] === broken && whole[point.vertex]).map((point) => point.at);
    }
}

// Runs of neighbours: [[first, last], ...] of ascending indices.
export function runs(indices) {
    const result = [];
    for (const at of indices) {
        if (result.length && result[result.length - 1][1] === at - 1) result[result.length - 1][1] = at;
        else result.push([at, at]);
    }
    return result;
}
