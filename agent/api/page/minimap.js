// The whole chain in a strip, with the part that the chart shows: drag it, its ends, or beside it. Keys do the same in the
// chart itself.
import {h, s} from './dom.js';
import {verdicts as verdictNames} from './graph.js';

const height = 30, grip = 7;

export class Minimap {
    constructor(moved) {
        this.moved = moved;
        this.svg = s('svg', {class: 'minimap', height, 'aria-hidden': 'true'});
        this.element = h('div.minimap-frame', {
            onpointerdown: (event) => this.down(event),
            onpointermove: (event) => this.move(event),
            onpointerup: () => { this.drag = null; },
            onpointercancel: () => { this.drag = null; },
        }, this.svg);
    }

    // `slot`: how wide a point is, in the scale's own unit.
    show({graph, after}, width, scale, slot, from, to, left) {
        Object.assign(this, {scale, from, to, left, width});
        const known = after ?? graph.now;
        const columns = new Int8Array(Math.ceil(this.width) + 2).fill(-1);
        for (const point of graph.points) {
            const c = Math.round(this.px(scale.x[point.vertex])), first = Math.min(c - 1, Math.round(this.px(scale.x[point.vertex] - slot)));
            for (let column = first; column <= c; ++column) columns[column] = columns[column] < 0 ? known[point.vertex] : Math.min(columns[column], known[point.vertex]);
        }
        const paths = {};
        columns.forEach((verdict, c) => {
            if (verdict >= 0) paths[verdictNames[verdict]] = `${paths[verdictNames[verdict]] ?? ''}M${c} 6h1v${height - 12}h-1z`;
        });
        const x1 = this.px(from), x2 = this.px(to);
        this.svg.setAttribute('viewBox', `0 0 ${this.width} ${height}`);
        this.svg.replaceChildren(s('rect', {class: 'ground', x: left, y: 2, width: Math.max(0, this.width - left), height: height - 4}),
            ...Object.entries(paths).map(([name, d]) => s('path', {class: `point ${name}`, d})),
            s('rect', {class: 'window', x: x1, y: 1, width: Math.max(4, x2 - x1), height: height - 2}),
            s('path', {class: 'grips', d: `M${x1} 9v12M${x2} 9v12`}));
    }

    px(x) { return this.left + ((x - this.scale.from) / (this.scale.to - this.scale.from)) * (this.width - this.left - 2); }
    at(px) { return this.scale.from + ((px - this.left) / (this.width - this.left - 2)) * (this.scale.to - this.scale.from); }

    spot(event) { return event.clientX - this.element.getBoundingClientRect().left; }

    down(event) {
        if (event.button !== 0) return;
        this.element.setPointerCapture(event.pointerId);
        const x = this.spot(event), x1 = this.px(this.from), x2 = this.px(this.to);
        const kind = Math.abs(x - x1) < grip ? 'from' : Math.abs(x - x2) < grip ? 'to' : x > x1 && x < x2 && x2 - x1 < this.width - this.left - 8 ? 'both' : 'brush';
        this.drag = {kind, x, at: this.at(x), from: this.from, to: this.to};
    }

    move(event) {
        if (!this.drag) return;
        const {kind, at, from, to} = this.drag, now = this.at(this.spot(event)), by = now - at;
        if (kind === 'both') this.moved(from + by, to + by);
        else if (kind === 'from') this.moved(Math.min(now, to), to);
        else if (kind === 'to') this.moved(from, Math.max(now, from));
        else if (Math.abs(this.spot(event) - this.drag.x) > 3) this.moved(Math.min(at, now), Math.max(at, now));
    }
}
