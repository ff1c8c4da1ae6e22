/** A Chromium from npm that runs without anything installed on the machine: it brings its libraries and a font along. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

/** The version is in the folder's name: the package unpacks itself there once. */
const FOLDER = join(tmpdir(), 'cashgraph-chromium-153');

/** @example const browser = await launchBrowser(); const page = await browser.newPage() */
export async function launchBrowser(): Promise<Browser> {
  const fontsFolder = join(FOLDER, 'font-config');
  mkdirSync(fontsFolder, { recursive: true });
  // its own list of font folders names none of ours, and a browser without any font crashes on the first <select>
  const fonts = `<dir>${join(FOLDER, 'fonts')}</dir><cachedir>${join(FOLDER, 'font-cache')}</cachedir>`;
  writeFileSync(
    join(fontsFolder, 'fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${fonts}</fontconfig>`,
  );
  // read by the package when it is imported
  Object.assign(process.env, { TMPDIR: FOLDER, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x', FONTCONFIG_PATH: fontsFolder });
  const { default: chromium } = await import('@sparticuz/chromium');
  const playwright = await import('playwright-core');
  return playwright.chromium.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--headless=shell', '--disable-gpu'],
  });
}
