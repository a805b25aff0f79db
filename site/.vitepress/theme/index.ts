import { useData, withBase } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { defineComponent, h } from 'vue';
import './style.css';

/** Leads to the Markdown that stands beside the page. */
const PlainPageLink = defineComponent(() => {
  const { page } = useData();
  return () =>
    h(
      'p',
      { class: 'plain-page' },
      h('a', { href: withBase(`/${page.value.relativePath}`), target: '_self' }, 'This page as Markdown'),
    );
});

/** The theme of the generator, with our colours and one more link. */
export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'doc-footer-before': () => h(PlainPageLink) }),
};
