// The chart with what belongs to it: which chain, the axis, zoom, the legend, and what hangs on the file under the pointer.
import {h, plain, show} from './dom.js';
import {words} from './words.js';
import {bytes} from './format.js';
import {button} from './parts.js';
import {Flame} from './flame.js';
import {modesOf} from './scale.js';
import {broken, doubtful} from './graph.js';
import {saveAs} from './save.js';

const text = words.chart;

export class ChainView {
    constructor(does) {
        this.does = does;
        this.flame = new Flame({...does, hover: () => this.hover()});
        this.tools = h('div.toolbar', {});
        this.hovered = h('p.hovered', {}, text.rest);
        this.element = h('section.panel.chain', {'aria-label': words.volume.chain}, this.tools, this.flame.element, this.hovered, h('p.quiet.hint', {'aria-hidden': 'true'}, text.hintShort), h('p.offscreen', {id: 'chart-hint'}, text.hint), legend());
    }

    choose(chains, base, exports) {
        const key = (name) => this.flame.key(new KeyboardEvent('keydown', {key: name}));
        this.exports = exports;
        this.base = base;
        const modes = modesOf({picture: chains.find((one) => one.base === base).picture});
        show(this.tools, h('h2', {}, words.volume.chain),
            chains.length > 1 ? h('label', {}, h('span.offscreen', {}, words.volume.whichChain), h('select', {'data-key': 'chain', onchange: (event) => this.does.chain(Number(event.target.value))},
                [...chains].reverse().map((one) => h('option', {value: one.base, selected: one.base === base}, words.volume.chainOf(`b${String(one.base).padStart(3, '0')}`, one.points.length))))) : null,
            h('label', {}, h('span.offscreen', {}, text.axis), h('select', {'data-key': 'axis', onchange: (event) => this.flame.setMode(event.target.value)}, modes.map((mode) => h('option', {value: mode, selected: mode === this.flame.mode}, text.modes[mode])))),
            h('span.group', {}, button('\u2212', () => this.flame.zoom(1 / 0.6), {'aria-label': text.zoomOut, title: text.zoomOut, 'data-key': 'out'}), button('+', () => key('+'), {'aria-label': text.zoomIn, title: text.zoomIn, 'data-key': 'in'}), button(text.zoomAll, () => this.flame.reset(), {'data-key': 'all'})),
            this.problems = h('span.group', {}, button('\u2039', () => key('p'), {'aria-label': text.previous, title: text.previous, 'data-key': 'previous'}), button(text.next, () => key('n'), {'data-key': 'next'})),
            exports ? h('span.group.exports', {}, button(words.volume.exportSvg, () => this.save(exports.svg, 'chain.svg'), {'data-key': 'svg'}), exports.dot ? this.dot = button(words.volume.exportDot, () => this.save(exports.dot, 'restore-set.dot'), {'data-key': 'dot'}) : null) : null);
        if (!modes.includes(this.flame.mode)) this.flame.mode = 'even';
    }

    save(target, name) {
        const {graph, selected} = this.state, point = selected < 0 ? '' : `&point=${encodeURIComponent(graph.points[selected].point)}`;
        saveAs(`${target}?base=${this.base}${point}`, name).catch((error) => { this.hovered.textContent = words.failed(error.message); });
    }

    show(state) {
        const another = this.state?.graph !== state.graph;
        this.state = state;
        if (another) this.flame.hovered = -1;
        const blast = this.blast();
        this.flame.show({...state, blast});
        this.tell(blast);
        const known = state.after ?? state.graph.now;
        if (this.problems) this.problems.hidden = !state.graph.points.some((point) => known[point.vertex] <= doubtful);
        if (this.dot) this.dot.disabled = state.selected < 0 || state.graph.now[state.graph.points[state.selected].vertex] === broken;
    }

    blast() {
        const at = this.flame.hovered;
        return at < 0 || this.state.lost[at] ? null : new Set(this.state.graph.blast(at, this.state.lost, this.state.after ?? undefined));
    }

    hover() {
        const blast = this.blast();
        this.tell(blast);
        this.flame.show({...this.state, blast});
    }

    tell(blast) {
        const image = this.state.graph.images[this.flame.hovered];
        const says = !image ? text.rest : this.state.lost[image.at] ? text.hoverLost(image.name) : text.hover(image.name, words.kinds[image.kind], bytes(image.bytes), blast?.size ?? 0);
        this.hovered.textContent = plain(says);
    }

    reveal(at) { this.flame.reveal(at); }
}

function legend() {
    const {legendTexts} = text;
    return h('details.legend', {open: window.matchMedia('(min-width: 60rem)').matches}, h('summary', {}, text.legend),
        h('ul', {}, Object.entries(legendTexts).map(([name, label]) => h('li', {}, h(`span.key.${name}`, {'aria-hidden': 'true'}), label))));
}
