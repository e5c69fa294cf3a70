// Width and font size of a drawing. Both come from the page, so that a drawing follows its column.

import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface Size {
  width: number;
  /** Font size in pixels. */
  em: number;
}

export function useSize(): [RefObject<HTMLDivElement | null>, Size | null] {
  const ref = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) {
      return;
    }
    const measure = (): void => {
      const width = Math.floor(box.clientWidth);
      const em = parseFloat(getComputedStyle(box).fontSize);
      setSize((old) => (width === 0 || (old?.width === width && old.em === em) ? old : { width, em }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}

let context: CanvasRenderingContext2D | null = null;
let family = '';

/** Width of `text` in pixels. */
export function textWidth(text: string, em: number, bold = false): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (!context) {
    return text.length * em * 0.6;
  }
  family ||= getComputedStyle(document.body).fontFamily;
  context.font = `${bold ? 600 : 400} ${em}px ${family}`;
  return context.measureText(text).width;
}

export const widest = (texts: readonly string[], em: number, bold = false): number =>
  texts.reduce((most, text) => Math.max(most, textWidth(text, em, bold)), 0);

export const clamp = (x: number, low: number, high: number): number => Math.max(low, Math.min(high, x));
