//! A moment to take along: as a link, as a part of another page, as a code for the cameras of a class.

use super::dialog::Dialog;
use super::icons;
use crate::scene::qr::Qr;
use crate::words::page as words;
use yew::prelude::*;

/// In which form it is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// The address.
    Link,
    /// An `<iframe>`.
    Frame,
    /// A QR code.
    Code,
}

/// What the dialog is made with.
pub struct Props {
    /// The address.
    pub link: AttrValue,
    /// What was copied last, and whether the browser allowed it.
    pub copied: Option<(Form, bool)>,
    /// It is wanted in that form.
    pub oncopy: Callback<Form>,
    /// The dialog is closed.
    pub onclose: Callback<()>,
}

/// The dialog.
#[inline(never)]
pub fn share(props: Props) -> Html {
    let copy = |form: Form| props.oncopy.reform(move |_: MouseEvent| form);
    let code = Qr::of(&props.link);
    let told = match props.copied {
        None => "",
        Some((_, false)) => words::NOT_COPIED,
        Some((Form::Link, _)) => words::LINK_THERE,
        Some((Form::Frame, _)) => words::FRAME_THERE,
        Some((Form::Code, _)) => words::CODE_THERE,
    };
    let wrong = matches!(props.copied, Some((_, false)));
    html! {
        <Dialog title={words::SHARE} onclose={props.onclose}>
            <div class="share-ways">
                <div class="forms">
                    <button onclick={copy(Form::Link)}>{ icons::link() }<span>{ words::COPY_LINK }</span></button>
                    <button onclick={copy(Form::Frame)}>{ icons::screen() }<span>{ words::COPY_FRAME }</span></button>
                    if code.is_some() {
                        <button onclick={copy(Form::Code)}>{ icons::code() }<span>{ words::COPY_CODE }</span></button>
                    }
                    <label>{ words::LINK }<input readonly=true value={props.link.clone()}/></label>
                    <p class={classes!("told", wrong.then_some("wrong"))} role="status">{ told }</p>
                </div>
                if let Some(code) = code {
                    <svg class="qr" role="img" aria-label={words::CODE} viewBox={format!("0 0 {0} {0}", code.size)} shape-rendering="crispEdges">
                        <path d={code.path}/>
                    </svg>
                } else {
                    <p>{ words::CODE_TOO_LONG }</p>
                }
            </div>
        </Dialog>
    }
}

/// The moment as a part of another page. `link` is its address there.
#[inline(never)]
pub fn frame(link: &str, title: &str) -> String {
    let safe = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(
        "<iframe src=\"{}\" title=\"Brokerlab: {}\" width=\"100%\" height=\"560\" style=\"border:0\" loading=\"lazy\" allow=\"fullscreen\"></iframe>",
        safe(link),
        safe(title)
    )
}
