import { effect, signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';
const key = 'muster.theme';
const themes: readonly Theme[] = ['auto', 'light', 'dark'];

const stored = localStorage.getItem(key) as Theme | null;
export const theme = signal<Theme>(stored && themes.includes(stored) ? stored : 'auto');

export function nextTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length]!;
  localStorage.setItem(key, theme.value);
}

export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
  });
}
