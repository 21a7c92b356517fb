//! What a new site says of itself until its team says it.

use crate::locale::Language;

/// The address of a new site, which is nobody's.
pub const BASE_URL: &str = "https://status.your-service.example/";

/// The words of a new site in a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The tag of the language.
    pub language: &'static str,
    /// The title.
    pub title: &'static str,
    /// The name of the component `web`.
    pub website: &'static str,
}

/// The component `api`, which has the same name in every language.
pub const API: &str = "API";

const ENGLISH: Words = words_of("en", "Your Service Status", "Website");

/// The words in every language.
pub const WORDS: &[Words] = &[
    words_of("ar", "حالة خدمتك", "الموقع الإلكتروني"),
    words_of("de", "Status Ihres Dienstes", "Website"),
    ENGLISH,
    words_of("es", "Estado de su servicio", "Sitio web"),
    words_of("fa", "وضعیت سرویس شما", "وب\u{200c}سایت"),
    words_of("fr", "État de votre service", "Site web"),
    words_of("he", "מצב השירות שלכם", "אתר האינטרנט"),
    words_of("hi", "आपकी सेवा की स्थिति", "वेबसाइट"),
    words_of("id", "Status Layanan Anda", "Situs web"),
    words_of("it", "Stato del vostro servizio", "Sito web"),
    words_of("ja", "貴社サービスの稼働状況", "ウェブサイト"),
    words_of("ko", "귀사 서비스 상태", "웹사이트"),
    words_of("nl", "Status van uw dienst", "Website"),
    words_of("pl", "Status Twojej usługi", "Strona internetowa"),
    words_of("pt-BR", "Status do seu serviço", "Site"),
    words_of("ru", "Статус вашего сервиса", "Сайт"),
    words_of("tr", "Hizmetinizin durumu", "Web sitesi"),
    words_of("uk", "Стан вашого сервісу", "Вебсайт"),
    words_of("zh", "您的服务状态", "网站"),
    words_of("zh-Hant", "您的服務狀態", "網站"),
];

const fn words_of(language: &'static str, title: &'static str, website: &'static str) -> Words {
    Words {
        language,
        title,
        website,
    }
}

/// The words in a language; the English ones where there are none.
pub fn words(language: &Language) -> &'static Words {
    let found = WORDS.iter().find(|words| words.language == language.base());
    found.unwrap_or(&ENGLISH)
}

/// Whether a title is that of a new site, in whichever language.
pub fn is_title(title: &str) -> bool {
    WORDS.iter().any(|words| words.title == title)
}

/// Whether an id with a name is a component that a new site has.
pub fn is_component(id: &str, name: &str) -> bool {
    match id {
        "web" => WORDS.iter().any(|words| words.website == name),
        "api" => name == API,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_words() {
        let tags: Vec<&str> = WORDS.iter().map(|words| words.language).collect();
        let mut supported: Vec<&str> = Language::supported().collect();
        supported.sort_unstable();
        assert_eq!(tags, supported);
    }
}
