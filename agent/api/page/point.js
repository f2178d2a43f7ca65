// The chosen restore point: can it be had, from which files, and what would mend it.
import {h, show} from './dom.js';
import {words} from './words.js';
import {bytes, clock, day, moment, number} from './format.js';
import {button, copyButton, fact, facts, fileName, table, verdictBadge} from './parts.js';
import {broken, verdicts} from './graph.js';

const text = words.point;
const mostRows = 150;

export class PointPanel {
    constructor(does) {
        this.does = does;
        this.place = h('div');
        this.element = h('section.panel.point', {'aria-label': text.title}, this.place);
    }

    show(state) {
        const {graph, selected, set, known, lost, ends} = state;
        if (selected < 0) return show(this.place, h('h2', {}, text.title), h('p.quiet', {}, text.none));
        const point = graph.points[selected], verdict = verdicts[known[point.vertex]], would = state.result !== null;
        const end = ends?.find((one) => one.point === point.point);
        const size = set.reduce((sum, k) => sum + graph.bytes[k], 0);
        return show(this.place, h('div.title-row', {}, h('h2', {}, point.point), verdictBadge(verdict)),
            facts(fact(text.written, clock(point.time)), fact(text.verdict, (would ? words.verdictWould : words.verdictSays)[verdict]), end && known[point.vertex] !== broken ? fact(text.expires, text.expiry[end.ending] instanceof Function ? text.expiry.at_time(day(moment(end.at))) : text.expiry[end.ending]) : null),
            known[point.vertex] === broken ? this.mend(graph, point, lost, would) : this.set(graph, point, set, size, known, lost, would));
    }

    mend(graph, point, lost, would) {
        const files = graph.mend(point.vertex, lost), count = files?.reduce((sum, file) => sum + file.count, 0);
        const thought = files?.every((file) => file.image !== undefined);
        return [h('p.result.bad', {}, would && graph.now[point.vertex] !== broken ? text.wouldBeBroken : text.broken),
            files?.length ? [h('p', {}, thought ? text.mendLost(count) : text.mend(count)), h('ul.plain', {}, files.map((file) => h('li', {}, fileName(file.name), file.count > 1 ? h('span.quiet', {}, ` ${words.volume.run(file.name, file.last, file.count)}`) : null)))] : null];
    }

    set(graph, point, set, size, known, lost, would) {
        const critical = new Set(graph.critical(point.vertex, lost, known));
        const hanging = set.filter((k) => critical.has(k)).length;
        const rows = set.slice(-mostRows).reverse().map((k) => {
            const image = graph.images[k];
            return h('tr', {}, h('th', {scope: 'row'}, critical.has(k) ? h('span.dot', {role: 'img', 'aria-label': text.critical, title: text.critical}) : null, h('code', {}, image.name)), h('td.wide', {}, words.kinds[image.kind]), h('td.number', {}, bytes(image.bytes)), h('td.number.wide', {}, number(image.blast_radius)),
                h('td', {}, button(text.lose, () => this.does.toggle(k), {class: 'small', 'aria-label': text.loseName(image.name), 'data-key': `lose ${image.name}`})));
        });
        const names = set.map((k) => graph.images[k].name).join('\n');
        return [h('div.section-head', {}, h('p', {}, (would ? text.wouldSet : text.set)(set.length, bytes(size))), copyButton(names, text.listCopied, text.copyList)),
            h('p.quiet', {}, hanging > 1 ? text.alone(hanging) : text.twoWays),
            table(text.files, [text.columns.file, {text: text.columns.kind, class: 'wide'}, {text: text.columns.size, class: 'number'}, {text: text.columns.blast, class: 'number wide'}, text.columns.lose], rows),
            set.length > mostRows ? h('p.quiet', {}, words.cut(mostRows, set.length)) : null];
    }
}
