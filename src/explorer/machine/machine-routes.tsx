/** The state of the service: a page, and its panels for the module that updates them. */
import type { Hono } from 'hono';
import { sendPage, sendParts } from '../send-page.ts';
import { readView } from '../view.ts';
import { MachinePage, MachinePanels } from './machine-page.tsx';
import { readMachine, type MachineDependencies } from './machine-state.ts';

export function addMachineRoutes(app: Hono, dependencies: MachineDependencies): void {
  app.get('/explore/machine', async (c) =>
    sendPage(c, <MachinePage view={readView(c)} state={await readMachine(dependencies)} />),
  );
  app.get('/explore/machine/state', async (c) =>
    sendParts(c, <MachinePanels words={readView(c).words} state={await readMachine(dependencies)} />),
  );
}
