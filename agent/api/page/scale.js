// Where the vertices of a chain lie from left to right: evenly, as the sequence of numbers has them, or by time. Pure.

// Those that can be had.
export const modesOf = (graph) => (graph.picture.vertices.time ? ['even', 'number', 'time'] : ['even', 'number']);

// {x, from, to, base}: the place of each vertex of the graph, and how wide the base is drawn.
export function positions(graph, mode) {
    const {step, time} = graph.picture.vertices;
    const values = mode === 'number' ? step : mode === 'time' && time ? time : step.map((_, at) => at);
    const first = values[0] ?? 0, last = values[values.length - 1] ?? 1;
    const base = Math.max(mode === 'time' ? 3600 : 1, (last - first) / 80);
    return {x: Float64Array.from([first - base, ...values]), from: first - base, to: Math.max(last, first + base / 10), base};
}
