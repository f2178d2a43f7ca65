// Numbers, times and names as people read them. Pure.
import {words} from './words.js';

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

export function bytes(count) {
    if (count === null || count === undefined) return words.unknown;
    let value = Math.abs(count), unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
        value /= 1000;
        ++unit;
    }
    const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return `${count < 0 ? '\u2212' : ''}${value.toFixed(digits)}\u00a0${units[unit]}`;
}

const grouped = new Intl.NumberFormat('en');
export const number = (value) => (value === null || value === undefined ? words.unknown : grouped.format(value));

export const moment = (text) => (text ? Date.parse(text) : NaN);

const dateAndTime = new Intl.DateTimeFormat('en-GB', {year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit'});
const dayOnly = new Intl.DateTimeFormat('en-GB', {year: 'numeric', month: 'short', day: 'numeric'});
const clockOnly = new Intl.DateTimeFormat('en-GB', {weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'});

const told = (format, time) => (Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? format.format(time) : words.unknown);
export const when = (time) => told(dateAndTime, time);
export const day = (time) => told(dayOnly, time);
export const clock = (time) => told(clockOnly, time);

export function span(milliseconds) {
    const minutes = Math.max(0, Math.round(milliseconds / 60_000));
    if (milliseconds < 60_000) return words.seconds(Math.max(0, Math.round(milliseconds / 1000)));
    if (minutes < 100) return words.minutes(minutes);
    const hours = Math.round(minutes / 60);
    if (hours < 48) return words.hours(hours);
    const days = Math.round(hours / 24);
    return days < 100 ? words.days(days) : words.months(Math.round(days / 30.4));
}

export function ago(time, now = Date.now()) {
    if (!Number.isFinite(time)) return words.never;
    return time > now + 60_000 ? words.ahead(span(time - now)) : words.ago(span(Math.max(0, now - time)));
}
