// VitePress's own theme, with a player for recordings of terminals: <Recording name="..." />.
import 'asciinema-player/dist/bundle/asciinema-player.css';
import DefaultTheme from 'vitepress/theme';
import './style.css';
import Recording from './Recording.vue';

export default {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => app.component('Recording', Recording),
};
