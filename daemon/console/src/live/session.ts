import { computed, signal } from '@preact/signals';
import type { Session } from '../api/types';

// Who is signed in; null until the gateway has said so.
export const session = signal<Session | null>(null);

// What the role allows. The gateway decides by itself; this only keeps from offering what it would
// refuse.
export const mayOperate = computed(() => session.value !== null && session.value.role !== 'viewer');
export const mayAdminister = computed(() => session.value?.role === 'admin');
