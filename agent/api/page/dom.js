// Elements out of data. Text only ever becomes a text node, so that no name of a file can become markup; the page's
// Content-Security-Policy (require-trusted-types-for) would refuse anything else.

// Characters that are not seen but turn or hide what stands beside them: in a name they could make one file look like another.
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

export const plain = (text) => String(text).replace(unseen, (letter) => `[U+${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`);

const svgNamespace = 'http://www.w3.org/2000/svg';

function fill(element, properties, children) {
    for (const [key, value] of Object.entries(properties ?? {})) {
        if (value === undefined || value === null || value === false) continue;
        if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
        else if (key === 'value' || key === 'checked' || key === 'disabled' || key === 'open' || key === 'selected') element[key] = value;
        else if (key === 'vars') for (const [name, text] of Object.entries(value)) element.style.setProperty(name, text);
        else element.setAttribute(key, value === true ? '' : String(value));
    }
    append(element, children);
    return element;
}

function append(element, children) {
    for (const child of children) {
        if (child === undefined || child === null || child === false) continue;
        if (Array.isArray(child)) append(element, child);
        else element.append(child instanceof Node ? child : document.createTextNode(plain(child)));
    }
}

// h('button.small', {type: 'button', onclick: f}, 'text', child ...); `vars` sets CSS variables.
export function h(tag, properties, ...children) {
    const [name, ...classes] = tag.split('.');
    const element = document.createElement(name);
    if (classes.length) element.className = classes.join(' ');
    return fill(element, properties, children);
}

export function s(tag, properties, ...children) {
    return fill(document.createElementNS(svgNamespace, tag), properties, children);
}

// Replaces what is in `place`; whoever had the focus keeps it, if there is somebody of the same data-key.
export function show(place, ...children) {
    const focused = document.activeElement;
    const key = place.contains(focused) ? focused.dataset?.key : undefined;
    const range = key && typeof focused.selectionStart === 'number' ? [focused.selectionStart, focused.selectionEnd] : null;
    place.replaceChildren();
    append(place, children);
    if (!key) return;
    const again = [...place.querySelectorAll('[data-key]')].find((element) => element.dataset.key === key);
    if (!again) return;
    again.focus({preventScroll: true});
    if (range && again.setSelectionRange) again.setSelectionRange(...range);
}

// Says something to those who listen instead of looking.
export function announce(text) {
    const place = document.getElementById('live');
    if (place.textContent === text) place.textContent = '';
    place.textContent = text;
}

// The clipboard needs a secure context; where there is none, the text is selected for the reader to copy.
export async function copy(text, said) {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        const area = h('textarea.offscreen', {'aria-hidden': 'true', tabindex: '-1'});
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand('copy');
        area.remove();
    }
    announce(said);
}
