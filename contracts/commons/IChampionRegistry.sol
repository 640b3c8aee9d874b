// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Who mines: national, locally owned operators of free AI.
interface IChampionRegistry {
    /// @notice A champion, without its sectors.
    struct Champion {
        uint16 country;
        uint64 population;
        bool restricted;
        bool retired;
        address operator;
        address registrar;
        address pendingOperator;
    }

    /// @notice A champion; `ChampionNonexistent` if there is none.
    function championOf(uint32 championId) external view returns (Champion memory);

    /// @notice Whether benefit of a champion earns: it is admitted for the sector, not restricted and not retired.
    function isRewarded(uint32 championId, uint16 sector) external view returns (bool);
}
