/** The window's beginning: connects to the engine and shows what it says. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './look/tokens.css';
import './look/base.css';
import { addressWith, pageAddress } from './connection/address.ts';
import { stayConnected } from './connection/connection.ts';
import { desktopBridge, onDesktopEvent, openPort } from './connection/desktop.ts';
import { openSocket } from './connection/socket-channel.ts';
import { Window } from './layout/window.tsx';
import { onDesktop } from './palette/desktop-actions.ts';
import { useConnection } from './store/connection.ts';
import { followForeignRuns } from './store/foreign-runs.ts';
import { endLostNixBuilds, showNixBuilds, takeUpNixBuilds } from './store/nix-builds.ts';
import { showNewestRuns } from './store/newest-run.ts';
import { refreshPlan } from './store/plan.ts';
import { endLostJob, takeUpJob } from './store/running.ts';
import { refreshRuns } from './store/runs.ts';
import { openTarget, useWish } from './store/wish.ts';

showNewestRuns();
followForeignRuns(document);
const address = pageAddress(location.href);
if (address.target !== null) openTarget(address.target, address.attribute);

useWish.subscribe(({ wish }, before) => {
  if (wish === before.wish) return;
  refreshPlan();
  if (wish.target !== before.wish.target || wish.attribute !== before.wish.attribute) {
    // Its phases are what one wants to see first.
    showNixBuilds(false);
    history.replaceState(null, '', addressWith(location.href, wish.target, wish.attribute));
  }
});
useConnection.subscribe(({ state, problem }, before) => {
  if (state === 'lost' && problem !== null) {
    endLostJob();
    endLostNixBuilds();
  }
  if (state !== 'connected' || before.state === 'connected') return;
  void takeUpJob();
  void takeUpNixBuilds();
  void refreshRuns();
  refreshPlan();
});

const desktop = desktopBridge();
if (desktop !== null) onDesktopEvent(desktop, onDesktop);
void stayConnected(
  (signal) => (desktop === null ? openSocket(address, signal) : openPort(desktop, signal)),
  new AbortController().signal,
);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element "root"');
createRoot(root).render(
  <StrictMode>
    <Window />
  </StrictMode>,
);
