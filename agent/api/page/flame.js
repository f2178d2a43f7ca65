// The chain as a flame chart: a lane for each kind of file, a bar from tail to head for each file, a strip of restorable
// points and one of blast radii. Bars of the same look are one path each, so that a chain of thousands of files is drawn
// within a frame. What it is not: the only way to anything; all it shows and does is in lists beside it, too.
import {h, s} from './dom.js';
import {words} from './words.js';
import {clock, day} from './format.js';
import {broken, verdicts as verdictNames} from './graph.js';
import {positions} from './scale.js';
import {Minimap} from './minimap.js';

const laneHeight = 24, laneGap = 4, stripHeight = 26, blastHeight = 30, axisHeight = 22, top = 6;
const narrowBar = 3;  // pixels below which neighbours merge
const heights = {certain: 1, presumed: 1, doubtful: 0.66, broken: 0.4};

const box = (x, y, width, height) => `M${x.toFixed(1)} ${y}h${width.toFixed(1)}v${height}h${(-width).toFixed(1)}z`;

export class Flame {
    // `does`: {pick(point), toggle(image), hover()}; `hovered` is the image under the pointer, or -1.
    constructor(does) {
        this.does = does;
        this.mode = 'even';
        this.hovered = -1;
        this.svg = s('svg', {class: 'flame', 'aria-hidden': 'true'});
        this.minimap = new Minimap((from, to) => this.window(from, to));
        this.slider = h('div.chart', {
            role: 'slider', tabindex: '0', 'data-key': 'chart', 'aria-label': words.chart.label, 'aria-describedby': 'chart-hint',
            onkeydown: (event) => this.key(event),
            onwheel: (event) => this.wheel(event),
            onpointerdown: (event) => this.down(event),
            onpointermove: (event) => this.move(event),
            onpointerup: (event) => this.up(event),
            onpointercancel: () => { this.pointers.clear(); },
            onpointerleave: () => this.hover(-1),
        }, this.svg);
        this.element = h('div.chart-frame', {}, this.slider, this.minimap.element);
        this.pointers = new Map();
        // The width is asked for only when it changes: asking in between would make the browser lay the page out anew.
        this.width = 0;
        this.observer = new ResizeObserver(([entry]) => {
            if (entry.contentRect.width === this.width) return;
            this.width = entry.contentRect.width;
            this.draw();
        });
        this.observer.observe(this.slider);
    }

    // `state`: {graph, selected, set, lost, after, stranded, blast}.
    show(state) {
        const another = state.graph !== this.state?.graph;
        this.state = state;
        if (another) this.place();
        this.draw();
    }

    setMode(mode) {
        this.mode = mode;
        this.place();
        this.draw();
    }

    place() {
        const {graph} = this.state;
        const kept = this.scale ? (this.to - this.from) / (this.scale.to - this.scale.from) : 1;
        this.scale = positions(graph, this.mode);
        this.lanes = graph.lanes;
        if (kept >= 0.999) [this.from, this.to] = [this.scale.from, this.scale.to];
        else this.reveal(this.state.selected, kept * (this.scale.to - this.scale.from));
    }

    window(from, to) {
        if (!this.scale) return;
        const {scale} = this, least = Math.max((scale.to - scale.from) / 5000, this.mode === 'time' ? 60 : 4);
        let width = Math.min(scale.to - scale.from, Math.max(least, to - from));
        let start = from + (to - from - width) / 2;
        start = Math.max(scale.from, Math.min(scale.to - width, start));
        [this.from, this.to] = [start, start + width];
        this.draw();
    }

    zoom(factor, at = (this.from + this.to) / 2) {
        this.window(at - (at - this.from) * factor, at + (this.to - at) * factor);
    }

    reset() {
        this.window(this.scale.from, this.scale.to);
    }

    // Brings a point into view without changing the zoom.
    reveal(point, width = this.to - this.from) {
        const at = point >= 0 ? this.scale.x[this.state.graph.points[point].vertex] : this.scale.to;
        if (width === this.to - this.from && at >= this.from + width * 0.04 && at <= this.to - width * 0.02) return;
        this.window(at - width * 0.7, at + width * 0.3);
    }

    get narrow() { return this.width < 560; }
    px(vertex) { return this.left + ((this.scale.x[vertex] - this.from) / (this.to - this.from)) * (this.width - this.left - 2); }
    at(px) { return this.from + ((px - this.left) / (this.width - this.left - 2)) * (this.to - this.from); }

    ends(image) {
        const {head, tail} = this.state.graph, right = this.px(head[image.at]);
        // Where a file begins nowhere, only its end is drawn.
        const left = tail[image.at] < 0 ? right - 4 : this.px(tail[image.at]);
        return [Math.min(left, right - 1), right];
    }

    draw() {
        if (!this.state || !this.width) return;
        this.left = this.narrow ? 46 : 104;
        this.stripTop = top + this.lanes.length * (laneHeight + laneGap) + 4;
        this.blastTop = this.stripTop + stripHeight + 6;
        this.height = this.blastTop + blastHeight + axisHeight;
        const clip = s('clipPath', {id: 'plot'}, s('rect', {x: this.left, y: 0, width: Math.max(1, this.width - this.left), height: this.height}));
        this.svg.setAttribute('viewBox', `0 0 ${this.width} ${this.height}`);
        this.svg.setAttribute('height', this.height);
        this.svg.replaceChildren(s('defs', {}, clip, hatch('hatch-lost'), hatch('hatch-missing'), hatch('hatch-orphan')),
            ...this.labels(), s('g', {'clip-path': 'url(#plot)'}, ...this.bars(), ...this.strip(), ...this.blasts(), ...this.cursor()), ...this.axis());
        this.minimap.show(this.state, this.width, this.scale, this.mode === 'even' ? 1 : 0, this.from, this.to, this.left);
        this.tell();
    }

    labels() {
        const names = this.narrow ? words.chart.short : words.chart.lanes;
        const label = (text, y, height) => s('text', {class: 'lane', x: 0, y: y + height / 2 + 4}, text);
        const rows = this.lanes.map((kind, at) => label(names[kind], this.laneTop(at), laneHeight));
        return [...rows, label(names.points, this.stripTop, stripHeight), label(names.blast, this.blastTop, blastHeight)];
    }

    laneTop(at) { return top + at * (laneHeight + laneGap); }

    look(image) {
        if (this.state.lost[image.at]) return 'lost';
        if (this.state.stranded.has(image.at)) return 'stranded';
        if (image.standing === 'refused') return 'damaged';
        return image.state;
    }

    bars() {
        const {graph, set} = this.state;
        const paths = new Map();  // class -> path
        const add = (name, text) => paths.set(name, (paths.get(name) ?? '') + text);
        const texts = [], tails = [];
        const rails = this.lanes.map((_, at) => box(this.left, this.laneTop(at) + laneHeight - 1, this.width - this.left, 1)).join('');
        for (const [row, lane] of this.lanes.entries()) {
            const y = this.laneTop(row);
            let run = null;
            const flush = () => {
                if (!run) return;
                const gap = run.right - run.left > 5 ? 1 : 0;
                const shape = box(run.left, y, Math.max(1, run.right - run.left - gap), laneHeight);
                add(`bar ${lane}`, shape);
                if (run.look !== 'present') add(`mark ${run.look}`, shape);
                if (run.inSet) add('inset', box(run.left + 1, y + 1, Math.max(0.5, run.right - run.left - gap - 2), laneHeight - 2));
                run = null;
            };
            for (const image of graph.images) {
                if (image.lane !== row) continue;
                const [left, right] = this.ends(image);
                if (right < this.left || left > this.width) continue;
                const look = this.look(image), inSet = set.has(image.at), wide = right - left >= narrowBar;
                if (run && !wide && run.look === look && run.inSet === inSet && left - run.right < 1 && run.right - run.left < 60) {
                    run.right = Math.max(run.right, right);
                    continue;
                }
                flush();
                run = {left, right, look, inSet};
                if (wide) flush();
                if (image.basis === 'inferred' && right - left > 7) tails.push(`M${(left + 1.5).toFixed(1)} ${y + 2}v${laneHeight - 4}`);
                if (right - left > 54 && look === 'present') texts.push(this.barText(image, Math.max(left, this.left), Math.min(right, this.width), y));
            }
            flush();
            for (const file of graph.missing) {
                if (file.lane !== row) continue;
                const right = this.px(file.head), width = Math.max(5, right - this.px(file.tail));
                add('mark missing', box(right - width, y, width, laneHeight));
            }
        }
        const fills = {'mark damaged': 'url(#hatch-lost)', 'mark lost': 'url(#hatch-lost)', 'mark missing': 'url(#hatch-missing)', 'mark orphan': 'url(#hatch-orphan)', 'mark stranded': 'url(#hatch-orphan)'};
        const order = [...paths].sort(([a], [b]) => rankOf(a) - rankOf(b));
        const drawn = order.map(([name, d]) => s('path', {class: name, d, fill: fills[name]}));
        const hovered = this.hovered >= 0 ? [this.outline(this.hovered, 'hovered')] : [];
        return [s('path', {class: 'rail', d: rails}), ...drawn, s('path', {class: 'inferred', d: tails.join('')}), ...texts, ...hovered];
    }

    outline(at, name) {
        const image = this.state.graph.images[at], [left, right] = this.ends(image);
        return s('path', {class: name, d: box(left, this.laneTop(image.lane) - 1, Math.max(3, right - left), laneHeight + 2)});
    }

    barText(image, left, right, y) {
        const text = image.head.replace(/^b\d+-?/, '') || image.head;
        return right - left < 8 * text.length ? null : s('text', {class: `name ${this.lanes[image.lane]}`, x: (left + right) / 2, y: y + 16}, text);
    }

    // Per column of pixels the worst verdict, so that nothing sound hides what is broken.
    strip() {
        const {graph, after, blast} = this.state;
        const known = after ?? graph.now;
        const paths = {}, hit = [];
        const slot = this.mode === 'even' ? (this.width - this.left) / (this.to - this.from) : 0;
        const columns = new Int8Array(Math.ceil(this.width) + 2).fill(-1);
        for (const point of graph.points) {
            const right = this.px(point.vertex), width = Math.max(2, slot);
            if (right < this.left || right - width > this.width) continue;
            const verdict = known[point.vertex];
            if (slot > 6) {
                const name = verdictNames[verdict], height = stripHeight * heights[name];
                paths[name] = (paths[name] ?? '') + box(right - width + 1, this.stripTop + stripHeight - height, width - 1, height);
            } else {
                for (let c = Math.max(0, Math.round(right - width)); c < Math.min(columns.length, Math.max(Math.round(right - width) + 1, Math.round(right))); ++c) {
                    columns[c] = columns[c] < 0 ? verdict : Math.min(columns[c], verdict);
                }
            }
            if (blast?.has(point.at)) hit.push(box(right - width, this.stripTop + stripHeight + 1, Math.max(2, width - 1), 4));
        }
        for (let c = 0; c < columns.length;) {
            let end = c + 1;
            while (end < columns.length && columns[end] === columns[c]) ++end;
            if (columns[c] >= 0) {
                const name = verdictNames[columns[c]], height = stripHeight * heights[name];
                paths[name] = (paths[name] ?? '') + box(c, this.stripTop + stripHeight - height, end - c, height);
            }
            c = end;
        }
        const rail = s('path', {class: 'rail', d: box(this.left, this.stripTop + stripHeight - 1, this.width - this.left, 1)});
        return [rail, ...Object.entries(paths).map(([name, d]) => s('path', {class: `point ${name}`, d})), s('path', {class: 'blasted', d: hit.join('')})];
    }

    blasts() {
        const {graph} = this.state, columns = new Float64Array(Math.ceil(this.width) + 1);
        for (const image of graph.images) {
            const [left, right] = this.ends(image);
            const first = Math.max(Math.floor(this.left), Math.round(left)), last = Math.min(columns.length - 1, Math.max(first, Math.round(right) - 1));
            for (let c = first; c <= last; ++c) columns[c] = Math.max(columns[c], image.blast_radius);
        }
        const most = Math.max(1, ...columns), bottom = this.blastTop + blastHeight;
        let d = `M${Math.floor(this.left)} ${bottom}`;
        for (let c = Math.floor(this.left); c < columns.length; ++c) {
            if (columns[c] === columns[c - 1] && columns[c] === columns[c + 1]) continue;
            const y = (bottom - Math.sqrt(columns[c] / most) * blastHeight).toFixed(1);
            d += `L${c} ${y}L${c + 1} ${y}`;
        }
        return [s('path', {class: 'blast', d: `${d}L${this.width} ${bottom}z`})];
    }

    cursor() {
        const {graph, selected} = this.state;
        if (selected < 0) return [];
        const right = this.px(graph.points[selected].vertex);
        const slot = this.mode === 'even' ? (this.width - this.left) / (this.to - this.from) : 2;
        const x = right - Math.max(2, slot) / 2;
        return [s('path', {class: 'cursor', d: `M${x.toFixed(1)} 0V${this.stripTop + stripHeight + 6}`}),
            s('path', {class: 'handle', d: `M${(x - 6).toFixed(1)} ${this.stripTop + stripHeight + 11}l6 -9l6 9z`})];
    }

    axis() {
        const {graph} = this.state, room = this.narrow ? 96 : 128, labels = [];
        const near = graph.points.map((point) => [this.px(point.vertex), point]).filter(([x]) => x >= this.left && x <= this.width);
        if (!near.length) return [];
        const short = near[near.length - 1][1].time - near[0][1].time < 4 * 86_400_000;
        let next = this.left + room / 4;
        for (const [x, point] of near) {
            if (x < next || x > this.width - room / 3) continue;
            const text = this.mode === 'number' ? point.point.replace(/^b\d+-/, '') : short ? clock(point.time) : day(point.time);
            labels.push(s('text', {class: 'tick', x, y: this.height - 6}, text), s('path', {class: 'tick', d: `M${x.toFixed(1)} ${this.blastTop + blastHeight}v4`}));
            next = x + room;
        }
        return labels;
    }

    tell() {
        const {graph, selected, after} = this.state, count = graph.points.length, point = graph.points[selected];
        const set = (name, value) => this.slider.setAttribute(name, value);
        set('aria-valuemin', count ? 1 : 0);
        set('aria-valuemax', count);
        set('aria-valuenow', selected + 1);
        set('aria-valuetext', point ? words.chart.value(point.point, clock(point.time), words.verdicts[verdictNames[(after ?? graph.now)[point.vertex]]]) : words.chart.nothing);
    }

    // The point or file under the pointer.
    pointNear(x) {
        let best = -1, distance = Infinity;
        const half = this.mode === 'even' ? (this.width - this.left) / (this.to - this.from) / 2 : 1;
        for (const point of this.state.graph.points) {
            const away = Math.abs(this.px(point.vertex) - half - x);
            if (away < distance) [best, distance] = [point.at, away];
        }
        return best;
    }

    imageNear(x, y) {
        const row = Math.floor((y - top) / (laneHeight + laneGap));
        if (row < 0 || row >= this.lanes.length || x < this.left) return -1;
        let best = -1, distance = 4;
        for (const image of this.state.graph.images) {
            if (image.lane !== row) continue;
            const [left, right] = this.ends(image), away = x < left ? left - x : x > right ? x - right : 0;
            if (away < distance || (away === 0 && distance === 0)) [best, distance] = [image.at, away];
        }
        return best;
    }

    // Of the pointer within the chart.
    spot(event) {
        const frame = this.slider.getBoundingClientRect();
        return [event.clientX - frame.left, event.clientY - frame.top];
    }

    hover(image) {
        if (image === this.hovered) return;
        this.hovered = image;
        this.does.hover();
    }

    key(event) {
        const {graph, selected} = this.state, last = graph.points.length - 1;
        const page = Math.max(10, Math.round(last / 20)), known = this.state.after ?? graph.now;
        const bad = (from, step) => {
            for (let p = from + step; p >= 0 && p <= last; p += step) if (known[graph.points[p].vertex] <= broken + 1) return p;
            return from;
        };
        const steps = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -page, PageUp: page};
        let target = null;
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key in steps) target = selected + steps[event.key] * (event.shiftKey ? 10 : 1);
        else if (event.key === 'Home') target = 0;
        else if (event.key === 'End') target = last;
        else if (event.key === 'n') target = bad(selected, 1);
        else if (event.key === 'p') target = bad(selected, -1);
        else if (event.key === '+' || event.key === '=') this.zoom(0.6, selected >= 0 ? this.scale.x[graph.points[selected].vertex] : undefined);
        else if (event.key === '-') this.zoom(1 / 0.6);
        else if (event.key === '0') this.reset();
        else return;
        event.preventDefault();
        if (target !== null && last >= 0) {
            this.does.pick(Math.max(0, Math.min(last, target)));
            this.reveal(this.state.selected);
        }
    }

    wheel(event) {
        const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
        // A page that is scrolled over the chart is meant to scroll; the chart takes the wheel once it has the focus.
        if (!sideways && !event.ctrlKey && document.activeElement !== this.slider) return;
        event.preventDefault();
        const by = event.deltaMode === 1 ? 20 : 1;
        if (sideways) {
            const shift = ((event.deltaX || event.deltaY) * by / this.width) * (this.to - this.from);
            this.window(this.from + shift, this.to + shift);
        } else {
            this.zoom(Math.exp(event.deltaY * by * 0.002), this.at(this.spot(event)[0]));
        }
    }

    down(event) {
        if (event.button !== 0) return;
        this.slider.focus({preventScroll: true});
        this.slider.setPointerCapture(event.pointerId);
        const [x] = this.spot(event);
        this.pointers.set(event.pointerId, {x, began: x, moved: false});
    }

    move(event) {
        const pointer = this.pointers.get(event.pointerId), [x, y] = this.spot(event);
        if (!pointer) {
            if (event.pointerType === 'mouse') this.hover(this.imageNear(x, y));
            return;
        }
        const other = [...this.pointers.values()].find((p) => p !== pointer);
        if (other) {
            const apart = Math.abs(pointer.x - other.x), now = Math.abs(x - other.x);
            if (apart > 8 && now > 8) this.zoom(apart / now, this.at((pointer.x + other.x) / 2));
            pointer.moved = other.moved = true;
        } else if (pointer.moved || Math.abs(x - pointer.began) > 5) {
            pointer.moved = true;
            const shift = ((pointer.x - x) * (this.to - this.from)) / (this.width - this.left);
            this.window(this.from + shift, this.to + shift);
        }
        pointer.x = x;
    }

    up(event) {
        const pointer = this.pointers.get(event.pointerId), [x, y] = this.spot(event);
        this.pointers.delete(event.pointerId);
        if (!pointer || pointer.moved || x < this.left) return;
        const image = this.imageNear(x, y);
        if (image >= 0) this.does.toggle(image);
        else this.does.pick(this.pointNear(x));
    }
}

const rankOf = (name) => (name === 'inset' ? 2 : name.startsWith('mark') ? 1 : 0);

// `id` is the class, too, by which the style sheet colours it.
function hatch(id) {
    const size = 6;
    return s('pattern', {id, width: size, height: size, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)'},
        s('rect', {class: `${id}-ground`, width: size, height: size}), s('rect', {class: id, width: 2.5, height: size}));
}
