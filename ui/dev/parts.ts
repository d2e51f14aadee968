import '../src/lib/styles/fonts.css';
import '../src/lib/styles/index.css';
import '../src/lib/styles/page.css';
import { mount } from 'svelte';
import Parts from './Parts.svelte';

const target = document.getElementById('app');
if (target) mount(Parts, { target });
