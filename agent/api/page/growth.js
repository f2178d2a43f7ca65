// How a folder grows: a chart of its daily samples, and the day its disk would be full. The slope is the one of
// spchain/src/growth.cpp (Theil-Sen), so that the page and the agent's findings agree.
import {h, s} from './dom.js';
import {words} from './words.js';
import {bytes, day, moment} from './format.js';

const leastSamples = 7, leastDays = 7, mostSamples = 150, horizon = 3650, dayLength = 86_400_000;

// `dots`: [{at (ms), bytes}]. Null: not enough to say anything.
export function slope(dots) {
    const sorted = dots.filter((dot) => Number.isFinite(dot.at)).sort((a, b) => a.at - b.at);
    const count = Math.min(sorted.length, mostSamples);
    const used = Array.from({length: count}, (_, k) => sorted[count < 2 ? k : Math.floor((k * (sorted.length - 1)) / (count - 1))]);
    if (count < leastSamples || used[count - 1].at - used[0].at < leastDays * dayLength) return null;
    const slopes = [];
    for (let a = 0; a < count; ++a) {
        for (let b = a + 1; b < count; ++b) {
            if (used[b].at > used[a].at) slopes.push(((used[b].bytes - used[a].bytes) / (used[b].at - used[a].at)) * dayLength);
        }
    }
    slopes.sort((a, b) => a - b);
    const all = slopes.length, at = (rank) => slopes[Math.max(0, Math.min(all - 1, rank))];
    const width = 1.6448536269514722 * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
    return {
        likely: all % 2 ? at((all - 1) / 2) : (at(all / 2) + at(all / 2 - 1)) / 2,
        low: at(Math.floor((all - width) / 2) - 1),
        high: at(Math.ceil((all + width) / 2)),
    };
}

export function forecast(samples, free, now = Date.now()) {
    if (free === 0) return words.forecast.full;
    const growth = slope(samples.filter((sample) => sample.free_bytes !== null).map((sample) => ({at: moment(sample.at), bytes: -sample.free_bytes})));
    if (!growth || free === null || free === undefined) return words.forecast.notEnough;
    const full = (pace) => (pace > 0 && free / pace <= horizon ? day(now + (free / pace) * dayLength) : '');
    if (growth.likely <= 0) return full(growth.high) ? words.forecast.neverBut(full(growth.high)) : words.forecast.never;
    return full(growth.likely) ? words.forecast.by(full(growth.likely), full(growth.high), full(growth.low)) : words.forecast.beyond;
}

export function growthChart(samples) {
    const dots = samples.map((sample) => ({at: moment(sample.at), bytes: sample.image_bytes})).filter((dot) => Number.isFinite(dot.at));
    if (dots.length < 2) return h('p.quiet', {}, words.growth.few);
    const width = 640, height = 150, left = 62, bottom = 22;
    const first = dots[0], last = dots[dots.length - 1], most = Math.max(1, ...dots.map((dot) => dot.bytes)) * 1.08;
    const x = (at) => left + ((at - first.at) / Math.max(1, last.at - first.at)) * (width - left - 8);
    const y = (count) => 6 + (1 - count / most) * (height - bottom - 6);
    const line = dots.map((dot, k) => `${k ? 'L' : 'M'}${x(dot.at).toFixed(1)} ${y(dot.bytes).toFixed(1)}`).join('');
    const rule = (part) => [s('path', {class: 'rule', d: `M${left} ${y(most * part / 1.08)}H${width}`}), s('text', {class: 'tick', x: left - 6, y: y(most * part / 1.08) + 4, 'text-anchor': 'end'}, bytes(most * part / 1.08))];
    const said = words.growth.chart(day(first.at), day(last.at), bytes(first.bytes), bytes(last.bytes));
    return h('figure.growth', {},
        s('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': said},
            ...rule(0), ...rule(0.5), ...rule(1), s('path', {class: 'area', d: `${line}L${x(last.at).toFixed(1)} ${y(0)}L${x(first.at).toFixed(1)} ${y(0)}z`}), s('path', {class: 'line', d: line}),
            s('text', {class: 'tick', x: left, y: height - 6}, day(first.at)), s('text', {class: 'tick', x: width - 8, y: height - 6, 'text-anchor': 'end'}, day(last.at))),
        h('details', {}, h('summary', {}, words.growth.table), h('table', {}, h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, words.growth.date), h('th', {scope: 'col', class: 'number'}, words.growth.images))),
            h('tbody', {}, dots.slice(-60).reverse().map((dot) => h('tr', {}, h('th', {scope: 'row'}, day(dot.at)), h('td.number', {}, bytes(dot.bytes))))))));
}
