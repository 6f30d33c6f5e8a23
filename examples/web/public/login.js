import { post } from './common.js';

document.getElementById('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { ok, value } = await post('/api/login', Object.fromEntries(new FormData(event.target)));
  if (ok) location.href = '/';
  else document.getElementById('problem').textContent = value.error;
});
