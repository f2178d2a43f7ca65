// An answer of the agent as a file of the reader's. The token goes with the request, so a plain link would not do.
import {fetchBytes} from './api.js';
import {h} from './dom.js';

export async function saveAs(target, name) {
    const url = URL.createObjectURL(await fetchBytes(target));
    const anchor = h('a', {href: url, download: name, hidden: true});
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
