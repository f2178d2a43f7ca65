// Folders that hold images and are managed by nobody, and their adoption.
import {h, show} from './dom.js';
import {words} from './words.js';
import {list, mayOperate, send} from './api.js';
import {ago, bytes, moment} from './format.js';
import {age, announce, button, emptyNote, fact, facts, heading, pathText} from './parts.js';

const text = words.unmanaged;

export function open(page) {
    let chosen = '', found = null, busy = false;
    let draft = {};

    function form(folder) {
        const field = (name, label, value) => h('label', {}, label, h('input', {name, value, maxlength: 255, 'data-key': `${name} ${folder.id}`, oninput: (event) => { draft[name] = event.target.value; }}));
        const adopt = async (event) => {
            event.preventDefault();
            if (busy) return;
            busy = true;
            draw();
            try {
                await send('POST', '/v1/folders', {path: folder.path, type: draft.type, customer: draft.customer, machine: draft.machine});
                announce(text.adopted(folder.path));
                page.say(text.adopted(folder.path));
                chosen = '';
            } finally {
                busy = false;
            }
            await refresh();
        };
        return h('form.adopt', {'aria-label': text.form(folder.path), onsubmit: (event) => page.run(() => adopt(event), draw)},
            h('label', {}, words.folder.type, h('select', {name: 'type', 'data-key': `type ${folder.id}`, onchange: (event) => { draft.type = event.target.value; }},
                Object.entries(words.folder.types).map(([value, name]) => h('option', {value, selected: draft.type === value}, name)))),
            field('customer', text.customer, draft.customer), field('machine', text.machine, draft.machine),
            h('div.actions', {}, h('button.primary', {type: 'submit', disabled: busy, 'data-key': `adopt ${folder.id}`}, busy ? text.adopting : text.confirm), button(text.cancel, () => { chosen = ''; draw(); })));
    }

    function item(folder) {
        const choose = () => {
            chosen = folder.id;
            draft = {type: 'normal', customer: folder.customer ?? '', machine: folder.machine ?? ''};
            draw();
            page.place.querySelector('form.adopt select')?.focus();
        };
        return h('li.card', {}, h('h2', {}, pathText(folder.path)),
            facts(fact(text.customer, folder.customer ?? words.unknown), fact(text.machine, folder.machine ?? words.unknown), fact(words.folder.images, `${words.files(folder.images)}, ${bytes(folder.bytes)}`), fact(text.newest, age(folder.newest_written))),
            chosen === folder.id ? form(folder) : mayOperate() ? button(text.adopt, choose, {'aria-label': text.form(folder.path), 'data-key': `choose ${folder.id}`}) : null);
    }

    function draw() {
        const {first, items} = found;
        show(page.place, heading(text.title), h('p', {}, text.says), h('p.quiet', {}, first.searched ? text.searched(ago(moment(first.searched))) : text.notSearched, ' ', first.complete ? '' : text.incomplete, ' ', first.unreadable?.length ? text.unreadable(first.unreadable.length) : ''),
            mayOperate() || !items.length ? null : h('p.notice', {}, text.readOnly),
            items.length ? h('ul.cards', {}, items.map(item)) : emptyNote(text.none), found.whole ? null : h('p.quiet', {}, words.cut(items.length, found.total)));
    }

    async function refresh() {
        const answer = await list('/v1/unmanaged-folders');
        if (!page.alive()) return;
        found = answer;
        draw();
    }
    return {title: text.title, refresh};
}
