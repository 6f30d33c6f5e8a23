import './common.js';

const byId = (id) => document.getElementById(id);
let source = listen();

function listen() {
  const opened = new EventSource('/api/tides');
  opened.addEventListener('message', ({ data }) => {
    const { hour, metres } = JSON.parse(data);
    byId('hour').textContent = hour;
    byId('metres').textContent = metres;
    byId('log').prepend(Object.assign(document.createElement('li'), { textContent: `${metres} m` }));
  });
  return opened;
}

byId('pause').addEventListener('click', () => {
  const running = source.readyState !== EventSource.CLOSED;
  if (running) source.close();
  else source = listen();
  byId('pause').textContent = running ? 'Go on' : 'Pause';
});
