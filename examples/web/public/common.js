// What every page shares: the theme and who is signed in.
const root = document.documentElement;
const button = document.getElementById('theme');

function show(theme) {
  root.dataset.theme = theme;
  button.setAttribute('aria-pressed', String(theme === 'night'));
}

show(localStorage.getItem('theme') ?? 'day');
button.addEventListener('click', () => {
  const theme = root.dataset.theme === 'night' ? 'day' : 'night';
  localStorage.setItem('theme', theme);
  show(theme);
});

export async function ask(path, options) {
  const answer = await fetch(path, options);
  return { ok: answer.ok, status: answer.status, value: await answer.json() };
}

export const post = (path, value) =>
  ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });

const account = document.getElementById('account');
const { value: me } = await ask('/api/me');
if (me.user) {
  account.textContent = `Sign out ${me.user}`;
  account.addEventListener('click', async (event) => {
    event.preventDefault();
    await post('/api/logout', {});
    location.href = '/';
  });
}
